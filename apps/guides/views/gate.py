"""The gate, which asks first who asks, and the open report; the coordinator's looks at both (safety.md S13, S14)."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.requests import PortalRequest, SignedInRequest
from apps.guides import selectors, services
from apps.guides.models import GuideVersion
from apps.guides.views.parts import own_leader
from apps.municipality.selectors import gate_phones


@login_not_required
@require_safe
def gate(request: PortalRequest) -> HttpResponse:
    """Stores nothing, tells no one; the answers are fragments.

    The answers are the same for everyone. Who is signed in decides which question comes first, and an employee reads
    who her leader is.
    """
    return _gate(request, selectors.newest_version(), leader=own_leader(request.user))


@login_not_required
@require_safe
def report(request: PortalRequest) -> HttpResponse:
    """How to report to child welfare when the parents know. The same for everyone; stores nothing."""
    return _report(request, selectors.newest_version())


@require_safe
def preview_gate(request: SignedInRequest) -> HttpResponse:
    """The gate of the draft as readers will see it: its answers are fragments here too."""
    services.check_can_edit(request.user)
    return _gate(request, selectors.draft_version(), is_draft=True)


@require_safe
def preview_report(request: SignedInRequest) -> HttpResponse:
    services.check_can_edit(request.user)
    return _report(request, selectors.draft_version(), is_draft=True)


@require_safe
def old_gate(request: SignedInRequest, number: int) -> HttpResponse:
    """The gate as it was. For the coordinator alone: nobody else may land on an old one."""
    version = _old(request, number)
    first_shape = selectors.first_shape(version)
    if first_shape is None:
        return _gate(request, version, old_version=version)
    laws = selectors.laws_of(version, first_shape.get("law", []))
    context = {"gate": first_shape, "laws": laws, "phones": gate_phones(), "old_version": version}
    return render(request, "guides/gate_first.html", context)


@require_safe
def old_report(request: SignedInRequest, number: int) -> HttpResponse:
    version = _old(request, number)
    if selectors.first_shape(version) is not None:
        raise Http404  # there was no such page then
    return _report(request, version, old_version=version)


def _old(request: SignedInRequest, number: int) -> GuideVersion:
    services.check_can_edit(request.user)
    version = selectors.newest_version(number)
    if version is None:
        raise Http404
    return version


def _gate(
    request: PortalRequest,
    version: GuideVersion | None,
    *,
    leader: str | None = None,
    is_draft: bool = False,
    old_version: GuideVersion | None = None,
) -> HttpResponse:
    context = selectors.gate_page(version) | {"leader": leader, "is_draft": is_draft, "old_version": old_version}
    return render(request, "guides/gate.html", context)


def _report(
    request: PortalRequest,
    version: GuideVersion | None,
    *,
    is_draft: bool = False,
    old_version: GuideVersion | None = None,
) -> HttpResponse:
    page = selectors.gate_page(version)
    context = {"report": page["gate"]["report"], "laws": page["laws"], "is_draft": is_draft, "old_version": old_version}
    return render(request, "guides/report.html", context)
