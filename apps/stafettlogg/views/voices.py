"""The child's own words: what is written, and the form for writing more."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import Action
from apps.stafettlogg.forms.voices import VoiceForm
from apps.stafettlogg.selectors.voices import recent_voices
from apps.stafettlogg.services.voices import add_voice
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.pages import create_once, log_page, open_content


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def log_voice(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write down what the child said, under the words that are there already (safety.md S15)."""
    opened = open_content(request, pk, what="voice", action=Action.VOICE)
    log, now = opened.log, timezone.now()
    form = VoiceForm(
        request.POST or None, initial={"told_to": request.user.shown_name, "told_day": timezone.localdate(now)}
    )
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("text", "told_to", "told_day", "child_knows_readers")}

        def create():
            add_voice(pk, actor=request.user, now=now, **said)
            return reverse("stafettlogg:detail", args=[pk])

        if response := create_once(request, form, "voice", create):
            messages.success(request, _("Barnets stemme er skrevet inn."))
            return response
    context: dict[str, Any] = {"form": form, "voices": recent_voices(log, limit=20)}
    return form_page(request, "stafettlogg/voice.html", frame.frame_context(opened, "", **context))
