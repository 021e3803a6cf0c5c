"""A deputy while the holder is away: the leader asks, the colleague answers (safety.md S20)."""

from django.http import Http404


def new(request, pk):
    raise Http404


def answer(request, pk):
    raise Http404


def end(request, pk):
    raise Http404
