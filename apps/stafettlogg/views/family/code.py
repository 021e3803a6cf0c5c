"""A guardian types the code she was given: the stafettholder then confirms who she is (safety.md S29)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core.errors import AccessDenied
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg.forms.links import CodeForm
from apps.stafettlogg.services import links
from apps.stafettlogg.views.family.pages import posted


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: SignedInRequest) -> HttpResponse:
    """Says nothing of whose place it is, and the same of every code that is not right."""
    if not request.user.is_citizen:
        raise AccessDenied(_("Bare foresatte kan skrive inn en kode."))
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if links.use_code(form.cleaned_data["code"], actor=request.user, now=timezone.now()):
            messages.success(request, _("Takk. Den som ga deg koden, bekrefter at det er deg."))
            return redirect("stafettlogg:children")
        form.add_error("code", _("Koden stemmer ikke, eller den er for gammel. Be om en ny."))
    return form_page(request, "stafettlogg/family/code.html", {"form": form})
