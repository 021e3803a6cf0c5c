"""«Øv på en sak»: for everyone, without sign-in. The answer is a letter in the address, and nobody keeps it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.requests import PortalRequest
from apps.guides.rules.practice import practice_steps


@login_not_required
@require_safe
def practice(request: PortalRequest) -> HttpResponse:
    return render(request, "guides/practice.html", {"steps": practice_steps()})


@login_not_required
@require_safe
def practice_step(request: PortalRequest, number: int) -> HttpResponse:
    """One question; with `?svar=<letter>` also what is right or wrong about it."""
    steps = practice_steps()
    if not 1 <= number <= len(steps):
        raise Http404
    step = steps[number - 1]
    context = {
        "step": step,
        "chosen": step.chosen(request.GET.get("svar", "")),
        "is_sent": "sendt" in request.GET,
        "last": len(steps),
    }
    return render(request, "guides/practice_step.html", context)


@login_not_required
@require_safe
def practice_done(request: PortalRequest) -> HttpResponse:
    return render(request, "guides/practice_done.html")
