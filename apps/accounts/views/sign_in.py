"""The way in: three doors, the form, the demo's list of people, and the choice of language."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.utils import get_next_redirect_url, perform_login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.http import require_POST

from apps.accounts import rules, selectors, services
from apps.accounts.enums import Door
from apps.accounts.models import StaffProvider, User
from apps.accounts.selectors.providers import families_provider, staff_provider_row
from apps.core.errors import RuleBroken
from apps.core.http import error_page
from apps.core.requests import PortalRequest


class SignInView(allauth_views.LoginView):
    """`?dor=ansatt|foreldre|ung` opens one door; without, the page shows all three and the form takes anyone."""

    def get_initial(self) -> dict[str, Any]:
        door = self._door()
        return super().get_initial() | {"dor": door.value if door else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        door = self._door()
        people = selectors.demo_people(timezone.localdate(), door.user_kind if door else "")
        return super().get_context_data(**kwargs) | {
            "door": door,
            "doors": [{"label": each.label, "url": self._url(each), "is_here": each == door} for each in Door],
            "demo_people": people,
            "demo_first": [person for person in people if person.note],
            "demo_others": [person for person in people if not person.note],
            "has_family_sign_in": families_provider() is not None and door != Door.EMPLOYEE,
            "has_password": families_provider() is None or door in (None, Door.EMPLOYEE),
            "staff_provider": self._staff_provider(door),
            "next": get_next_redirect_url(self.request) or "",
        }

    def _staff_provider(self, door: Door | None) -> StaffProvider | None:
        """The button that employees press; not shown to those who say that they are something else."""
        row = staff_provider_row() if door in (None, Door.EMPLOYEE) else None
        return row if row is not None and row.is_on else None

    def _door(self) -> Door | None:
        chosen = self.request.POST.get("dor") or self.request.GET.get("dor")
        return Door(chosen) if chosen in Door.values else None

    def _url(self, door: Door) -> str:
        query = self.request.GET.copy()
        query["dor"] = door.value
        return f"?{query.urlencode()}"


@require_POST
@login_not_required
def demo_sign_in(request: PortalRequest) -> HttpResponse:
    """Sign in as a demo person by picking; there is no such address where settings.DEMO is off."""
    if not settings.DEMO:
        raise Http404
    try:
        user = User.objects.get(pk=request.POST.get("person", ""), is_demo=True)
    except (User.DoesNotExist, ValueError, TypeError, ValidationError) as error:
        raise Http404 from error
    if not rules.may_sign_in(user, timezone.localdate()):
        raise Http404
    return perform_login(request, user, redirect_url=get_next_redirect_url(request))


@login_not_required
def too_many(request: PortalRequest) -> HttpResponse:
    """429, asked for by django-allauth's rate limits."""
    return error_page(
        request,
        status=429,
        title=_("Du har prøvd for mange ganger"),
        text=_("Vent noen minutter og prøv igjen."),
    )


@require_POST
@login_not_required
def set_language(request: PortalRequest) -> HttpResponse:
    """Django's own view; for a person who is signed in the choice also follows them to other browsers."""
    if request.user.is_authenticated:
        try:
            services.choose_language(request.user.pk, actor=request.user, language=request.POST.get("language", ""))
        except RuleBroken:
            return i18n.set_language(request)
    return i18n.set_language(request)
