"""The providers that sign people in, and how it has gone with each."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache

from apps.accounts.models import StaffIdentity, StaffProvider, User
from apps.core.oidc.provider import Provider

FAMILIES = "families"
STAFF = "staff"
GOOD, BAD = "sign-in-good", "sign-in-bad"


def families_provider() -> Provider | None:
    """ID-porten, when the installation has it (settings.ID_PORTEN)."""
    given = settings.ID_PORTEN
    if given is None:
        return None
    return Provider(
        key=FAMILIES,
        issuer=given["issuer"],
        client_id=given["client_id"],
        private_key=given["private_key"],
        acr_order=given["acr_order"],
    )


def staff_provider_row() -> StaffProvider | None:
    """The municipality's own provider for employees, in use or not; None where there is none."""
    return StaffProvider.objects.first()


def as_provider(row: StaffProvider) -> Provider:
    """The row as the client of OpenID Connect knows a provider."""
    return Provider(
        key=STAFF,
        issuer=row.issuer,
        client_id=row.client_id,
        client_secret=row.client_secret,
        scope="openid profile email",
    )


def staff_provider() -> Provider | None:
    """The provider that employees sign in with now."""
    row = staff_provider_row()
    return as_provider(row) if row is not None and row.is_on else None


def provider_by_key(key: str) -> Provider | None:
    """The provider a session was signed in by; None when it is not in use any more."""
    return {FAMILIES: families_provider, STAFF: staff_provider}.get(key, lambda: None)()


def is_linked(user: User) -> bool:
    """Whether the employee is known to the provider in use."""
    row = staff_provider_row()
    return row is not None and StaffIdentity.objects.filter(user=user, issuer=row.issuer).exists()


def states() -> list[tuple[str, "Health"]]:
    """How it goes with each provider in use, for those who look after the portal."""
    row = staff_provider_row()
    found = [("ID-porten", FAMILIES)] if families_provider() is not None else []
    found += [(row.name, STAFF)] if row is not None and row.is_on else []
    return [(name, health(key)) for name, key in found]


@dataclass(frozen=True)
class Health:
    """When a sign-in last came through, and what last went wrong with the set-up. `is_red`: nothing has come since."""

    good_at: datetime | None
    bad_at: datetime | None
    bad_code: str

    @property
    def is_red(self) -> bool:
        return self.bad_at is not None and (self.good_at is None or self.good_at < self.bad_at)


def health(key: str) -> Health:
    """How it has gone with this provider, in the last thirty days."""
    good, bad = cache.get(f"{GOOD}-{key}"), cache.get(f"{BAD}-{key}")
    at, code = bad or (None, "")
    return Health(_instant(good), _instant(at), code)


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
