"""The coordinator's pages: edit the draft, see it as readers will, publish it with what changed, handle feedback."""

from csp.constants import NONCE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.forms import modelform_factory
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import Conflict, RuleBroken
from apps.core.http import conflict_response
from apps.guides import selectors, services
from apps.guides.enums import FeedbackState
from apps.guides.forms import DraftForm, HandleForm, PublishForm, ToolForm
from apps.guides.models import Feedback, LawReference, Level, Step, Theme, Tool, Variant
from apps.guides.views.papers import tool_pdf
from apps.municipality.selectors import last_change

# What the coordinator may change in each kind of row.
KINDS = {
    "niva": (Level, ["name", "question", "who", "consent_note", "deadline_days", "deadline_note"]),
    "steg": (
        Step,
        [
            "title",
            "short",
            "purpose_html",
            "how_html",
            "questions_html",
            "who_html",
            "documentation_html",
            "child_voice_html",
            "deadline_days",
            "deadline_note",
        ],
    ),
    "variant": (Variant, ["who", "extra_html"]),
    "tema": (Theme, ["title", "intro", "body_html"]),
    "lov": (LawReference, ["title", "reference", "what", "needs_check", "reviewed_day"]),
    "verktoy": (Tool, ["title", "summary", "intro", "footer"]),
}
# The editor brings an inline import map (nonce) and one inline style (hash); this page alone allows them.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
EDITOR_CSP = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
    "script-src": [SELF, NONCE],
    "style-src": [SELF, NONCE, EDITOR_STYLE],
}


@require_safe
def editor(request):
    services.check_can_edit(request.user)
    newest = selectors.newest_version()
    context = selectors.draft_rows() | {
        "newest": newest,
        "has_changes": newest is None or newest.content != selectors.draft_content(),
        "new_feedback": selectors.feedback_list(state=FeedbackState.NEW).count(),
    }
    return render(request, "guides/editor.html", context)


@csp_replace(EDITOR_CSP)
@require_http_methods(["GET", "POST"])
def edit_row(request, kind, pk):
    services.check_can_edit(request.user)
    if kind not in KINDS:
        raise Http404
    model, fields = KINDS[kind]
    row = get_object_or_404(model, pk=pk)
    form_class = ToolForm if model is Tool else DraftForm
    form = modelform_factory(model, form=form_class, fields=fields)(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_draft_row(
                model, pk, values=form.values(), version=form.cleaned_data["version"], actor=request.user
            )
        except Conflict as conflict:
            return conflict_response(request, form, conflict.current)
        messages.success(request, _("Utkastet er lagret. Leserne ser det når du publiserer."))
        return redirect("guides:editor")
    context = {"form": form, "row": model.objects.get(pk=pk), "kind": kind, "changed": last_change(row)}
    return render(request, "guides/edit_row.html", context, status=422 if form.is_bound else 200)


@require_safe
def preview(request, step_key):
    """A step of the draft, as readers will see it."""
    services.check_can_edit(request.user)
    page = selectors.step_page(selectors.draft_version(), step_key)
    if page is None:
        raise Http404
    return render(request, "guides/preview.html", {"page": page})


@require_safe
def preview_tool(request, slug):
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
def preview_theme(request, slug):
    """A theme of the draft, as readers will see it."""
    services.check_can_edit(request.user)
    found = selectors.theme_page(selectors.draft_version(), slug)
    if found is None:
        raise Http404
    theme, tools, laws = found
    context = {"theme": theme, "tools": tools, "laws": laws, "is_draft": True}
    return render(request, "guides/theme.html", context)


@require_http_methods(["GET", "POST"])
def publish(request):
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
    return render(request, "guides/publish.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
def feedback_list(request):
    services.check_can_edit(request.user)
    return render(
        request, "guides/feedback_list.html", {"feedback": selectors.feedback_list()[:100], "form": HandleForm()}
    )


@require_POST
def handle_feedback(request, pk):
    services.check_can_edit(request.user)
    get_object_or_404(Feedback, pk=pk)
    form = HandleForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    services.handle_feedback(pk, actor=request.user, note=note, now=timezone.now())
    messages.success(request, _("Tilbakemeldingen er behandlet."))
    return redirect("guides:feedback_list")
