"""Who may change the municipality's settings: the coordinator, and nobody else."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import AccessDenied
from apps.core.people import Person
from apps.municipality.enums import Right


def is_coordinator(user: Person | AnonymousUser, today: date | None = None) -> bool:
    """Asks the user (`accounts.User.rights_on`): places are kept by a later app."""
    return user.is_authenticated and Right.COORDINATOR in user.rights_on(today or timezone.localdate())


def check_coordinator(user: Person | AnonymousUser, today: date | None = None) -> None:
    if not is_coordinator(user, today):
        raise AccessDenied(_("Bare koordinatoren kan se og endre innstillingene."))
