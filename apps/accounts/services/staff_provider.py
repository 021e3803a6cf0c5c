"""The provider that employees sign in with: its settings, and whom it means. Known by `sub`, never by an e-mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.enums import UserKind
from apps.accounts.models import StaffIdentity, StaffProvider, User
from apps.accounts.selectors.providers import as_provider
from apps.core.models import bump, lock
from apps.core.oidc import provider as oidc
from apps.core.oidc.tokens import LEEWAY, TokenRefused
from apps.core.onward import address_of
from apps.municipality.access import check_coordinator


@transaction.atomic
def save_staff_provider(changes: dict[str, Any], *, version: int | None, actor: User, today: date) -> StaffProvider:
    """Set these fields; an empty `client_secret` keeps the one that is there. Raises `AccessDenied`, `Conflict`."""
    check_coordinator(actor, today)
    found = StaffProvider.objects.first()
    row = StaffProvider() if found is None else lock(StaffProvider, found.pk, version)
    for name, value in changes.items():
        if name != "client_secret" or value:
            setattr(row, name, value)
    oidc.forget(row.issuer)
    row._history_user = actor
    (row if row._state.adding else bump(row)).save()
    return row


@transaction.atomic
def staff_from(claims: Mapping[str, Any], row: StaffProvider, *, now: datetime) -> User:
    """The employee that the provider means. Her address follows what the provider says.

    Raises `TokenRefused`: «unknown» (nobody has been linked to this name, or she has left), «email» (the provider does
    not vouch for the address), «group» (she is not in the group that is let in).
    """
    check_claims(claims, row)
    found = StaffIdentity.objects.select_related("user").filter(issuer=row.issuer, subject=claims["sub"]).first()
    if found is None or not rules.may_sign_in(found.user, timezone.localdate(now)):
        raise TokenRefused("unknown")
    _follow_address(found.user, claims)
    return found.user


@transaction.atomic
def link_staff(claims: Mapping[str, Any], row: StaffProvider, *, actor: User, now: datetime) -> None:
    """From now on the provider's name means this employee, who is signed in here and has just been there.

    Safe to repeat. Raises `TokenRefused`: «taken» (the name means somebody else, or she has another there), and as
    `staff_from`.
    """
    check_claims(claims, row)
    if actor.kind != UserKind.EMPLOYEE:
        raise TokenRefused("taken")
    same = {"issuer": row.issuer, "subject": claims["sub"], "user": actor}
    if StaffIdentity.objects.filter(**same).exists():
        return
    try:
        with transaction.atomic():
            StaffIdentity.objects.create(**same, linked_at=now)
    except IntegrityError:
        raise TokenRefused("taken") from None


@transaction.atomic
def unlink_staff(*, actor: User) -> None:
    """The employee signs in with the provider no more. Safe to repeat."""
    StaffIdentity.objects.filter(user=actor).delete()


def check_claims(claims: Mapping[str, Any], row: StaffProvider) -> None:
    """What has to hold of anyone from the provider: an address it vouches for, and the group."""
    if claims.get("email_verified") in (False, "false"):
        raise TokenRefused("email")
    if row.group:
        told = claims.get(row.group_claim)
        if row.group not in (told if isinstance(told, list) else [told]):
            raise TokenRefused("group")


def _follow_address(user: User, claims: Mapping[str, Any]) -> None:
    """The address of the account is the one at the provider. One that another employee has is left as it is."""
    told = str(claims.get("email") or "").strip().lower()
    if not told or told == user.email:
        return
    if User.objects.filter(email=told, kind=UserKind.EMPLOYEE).exclude(pk=user.pk).exists():
        return
    user.email = told
    user.save(update_fields=["email"])


@dataclass(frozen=True)
class Tried:
    """One thing that was asked of the provider: what, whether it is well, and what else to say."""

    what: str
    is_well: bool
    more: str = ""


def try_staff_provider(row: StaffProvider, *, now: datetime) -> list[Tried]:
    """Ask the provider for what a sign-in needs, now. What does not answer is said, and the rest is not asked."""
    provider = as_provider(row)
    oidc.forget(row.issuer)
    try:
        told = oidc.metadata(provider)
        found = oidc.keys(provider)
        ahead = oidc.clock_difference(provider, now=now)
    except oidc.ProviderDown:
        return [Tried(_("Leverandøren svarer på adressen, og heter det dere har skrevet"), is_well=False)]
    return [
        Tried(_("Leverandøren svarer på adressen, og heter det dere har skrevet"), is_well=True),
        Tried(_("Den har nøkler som portalen forstår"), is_well=bool(found)),
        Tried(_("Den kan logge ut"), is_well=bool(told.get("end_session_endpoint"))),
        Tried(
            _("Klokka hos oss går likt med klokka der"),
            is_well=ahead is None or abs(ahead) <= LEEWAY,
            more="" if ahead is None else _("Forskjell: %(seconds)s sekunder") % {"seconds": round(ahead)},
        ),
    ]


def staff_back_address() -> str:
    """What the municipality registers at the provider: where the browser comes back to."""
    return address_of("accounts:staff_back")


def staff_out_address() -> str:
    """What the municipality registers at the provider: where it says that somebody has signed out."""
    return address_of("accounts:staff_signed_out")
