"""«Enheten din» for leaders, opening a log with a reason (safety.md S16), and «Jeg er inhabil» (S18)."""

from django.http import Http404


def unit_page(request):
    raise Http404


def reason_page(request, log_id):
    raise Http404


def open_with_reason(request, pk):
    raise Http404


def disqualified(request, pk):
    raise Http404
