"""The coordinator's pages: edit the draft, see it as readers will, publish it with what changed, handle feedback."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from csp.constants import NONCE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.forms import modelform_factory
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import Conflict, RuleBroken
from apps.core.http import conflict_response, form_page
from apps.core.requests import SignedInRequest
from apps.guides import rules, selectors, services
from apps.guides.enums import FeedbackState
from apps.guides.forms import DraftForm, HandleForm, PublishForm, StepWaysForm, ThemeForm, ToolForm, gate_form
from apps.guides.models import DraftRow, Feedback, GateText, LawReference, Level, Step, Theme, Tool, Variant
from apps.guides.views.papers import tool_pdf
from apps.guides.views.parts import log_from, log_place, theme_context
from apps.municipality.selectors import last_change


@dataclass(frozen=True)
class Kind:
    """One kind of row as the coordinator edits it."""

    model: type[DraftRow]
    fields: list[str]
    form: type[DraftForm] = DraftForm

    def form_of(self, row: DraftRow, sent: QueryDict | None = None) -> DraftForm:
        made: Any = modelform_factory(self.model, form=self.form, fields=self.fields)
        return made(sent, instance=row)


KINDS = {
    **{selectors.kind_of_piece(piece): Kind(GateText, [], gate_form(piece)) for piece in rules.PIECES},
    "niva": Kind(Level, ["name", "question", "who", "consent_note", "deadline_days", "deadline_note"]),
    "steg": Kind(Step, [*rules.TEXT_FIELDS["step"][:-1], "deadline_days", "deadline_note"]),
    "veivalg": Kind(Step, [], StepWaysForm),
    "variant": Kind(Variant, ["who", "extra_html"]),
    "tema": Kind(Theme, ["title", "intro", "body_html"], ThemeForm),
    "lov": Kind(LawReference, ["title", "reference", "what", "needs_check", "reviewed_by", "reviewed_day"]),
    "verktoy": Kind(Tool, ["title", "summary", "intro", "footer"], ToolForm),
}
# The editor brings an inline import map (nonce) and one inline style (hash); this page alone allows them.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
EDITOR_CSP = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
    "script-src": [SELF, NONCE],
    "style-src": [SELF, NONCE, EDITOR_STYLE],
}


@require_safe
def editor(request: SignedInRequest) -> HttpResponse:
    services.check_can_edit(request.user)
    newest = selectors.newest_version()
    context = selectors.draft_rows() | {
        "newest": newest,
        "has_changes": newest is None or newest.content != selectors.draft_content(),
        "new_feedback": selectors.feedback_list(state=FeedbackState.NEW).count(),
    }
    return render(request, "guides/editor.html", context)


@csp_replace(EDITOR_CSP)  # type: ignore[arg-type]  # its type knows only views without arguments
@require_http_methods(["GET", "HEAD", "POST"])
def edit_row(request: SignedInRequest, kind: str, pk: UUID) -> HttpResponse:
    services.check_can_edit(request.user)
    if kind not in KINDS:
        raise Http404
    kind_of_row = KINDS[kind]
    row = get_object_or_404(kind_of_row.model, pk=pk)
    form = kind_of_row.form_of(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_draft_row(
                kind_of_row.model, pk, values=form.values(), version=form.cleaned_data["version"], actor=request.user
            )
        except Conflict as conflict:
            return conflict_response(request, form, _as_shown(kind_of_row.form_of(conflict.current), conflict.current))
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Utkastet er lagret. Leserne ser det når du publiserer."))
            return redirect("guides:editor")
    saved = get_object_or_404(kind_of_row.model, pk=pk)
    context = {"form": form, "row": saved, "kind": kind, "title": _title(kind, saved), "changed": last_change(row)}
    return form_page(request, "guides/edit_row.html", context)


def _title(kind: str, row) -> str:
    if isinstance(row, GateText):
        return dict(selectors.gate_pieces(row.content))[kind]
    if kind == "variant":
        return row.get_kind_display()
    name = str(row.name if kind == "niva" else row.title)
    return _("Valg, lenker og lover: %(step)s") % {"step": name} if kind == "veivalg" else name


def _as_shown(form, current) -> SimpleNamespace:
    """What stands in the fields now, for the conflict page."""
    now = {bound.name: bound.initial for bound in form.visible_fields()}
    return SimpleNamespace(version=current.version, pk=current.pk, **now)


@require_safe
def preview(request: SignedInRequest, step_key: str) -> HttpResponse:
    """A step of the draft, as readers will see it."""
    services.check_can_edit(request.user)
    page = selectors.step_page(selectors.draft_version(), step_key)
    if page is None:
        raise Http404
    return render(request, "guides/preview.html", {"page": page, "log_from": log_from(log_place(page))})


@require_safe
def preview_tool(request: SignedInRequest, slug: str) -> HttpResponse:
    """A tool of the draft, as the PDF readers will get."""
    services.check_can_edit(request.user)
    found = selectors.tools_of(selectors.draft_version(), [slug])
    if not found:
        raise Http404
    response = HttpResponse(tool_pdf(found[0]), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{slug}.pdf"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


@require_safe
def preview_theme(request: SignedInRequest, slug: str) -> HttpResponse:
    """A theme of the draft, as readers will see it."""
    services.check_can_edit(request.user)
    found = selectors.theme_page(selectors.draft_version(), slug)
    if found is None:
        raise Http404
    theme, tools, laws = found
    return render(request, "guides/theme.html", theme_context(theme, tools, laws) | {"is_draft": True})


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest) -> HttpResponse:
    services.check_can_edit(request.user)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.publish(
                actor=request.user, what_changed=form.cleaned_data["what_changed"], now=timezone.now()
            )
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Versjon %(number)s er publisert.") % {"number": version.number})
            return redirect("guides:versions")
    return form_page(request, "guides/publish.html", {"form": form})


@require_safe
def feedback_list(request: SignedInRequest) -> HttpResponse:
    services.check_can_edit(request.user)
    feedback = selectors.with_page_names(selectors.feedback_list()[:100])
    return render(request, "guides/feedback_list.html", {"feedback": feedback, "form": HandleForm()})


@require_POST
def handle_feedback(request: SignedInRequest, pk: UUID) -> HttpResponse:
    services.check_can_edit(request.user)
    get_object_or_404(Feedback, pk=pk)
    form = HandleForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    services.handle_feedback(pk, actor=request.user, note=note, now=timezone.now())
    messages.success(request, _("Tilbakemeldingen er behandlet."))
    return redirect("guides:feedback_list")
