"""Which citizen user a guardian or youth is."""

from allauth.account.models import EmailAddress

from apps.accounts.enums import UserKind
from apps.accounts.models import User
from apps.stafettlogg.enums import Responsibility
from apps.stafettlogg.models import Child, Guardian


def citizen_by_index(national_id_index: str) -> User | None:
    """The active citizen with this blind index, else None."""
    if not national_id_index:
        return None
    return User.objects.filter(kind=UserKind.CITIZEN, is_active=True, national_id_index=national_id_index).first()


def citizen_for(guardian: Guardian) -> User | None:
    """The guardian's own user: by blind index, else by an e-mail address that its owner has confirmed.

    Never a user whose known national id is another than the guardian's, and never one who already is another guardian
    of the same child, or the child.
    """
    user = citizen_by_index(guardian.national_id_index) or _by_confirmed_email(guardian)
    if user is None:
        return None
    taken = Guardian.objects.filter(child=guardian.child_id, user=user).exclude(pk=guardian.pk).exists()
    return None if taken or guardian.child.user_id == user.pk else user


def _by_confirmed_email(guardian: Guardian) -> User | None:
    if not guardian.email:
        return None
    confirmed = EmailAddress.objects.filter(email__iexact=guardian.email, verified=True).values("user")
    user = User.objects.filter(pk__in=confirmed, kind=UserKind.CITIZEN, is_active=True).first()
    if user is None:
        return None
    known = {guardian.national_id_index, user.national_id_index} - {""}
    return user if len(known) <= 1 else None


def children_waiting_for(user) -> list:
    """Children whose checked guardian, or who, this citizen is, but is not linked to yet."""
    if not user.is_citizen or not user.is_active:
        return []
    unlinked = Guardian.objects.filter(user=None, responsibility=Responsibility.CONFIRMED)
    ids = set(Guardian.objects.filter(user=user).values_list("child_id", flat=True))
    if user.national_id_index:
        ids |= set(unlinked.filter(national_id_index=user.national_id_index).values_list("child_id", flat=True))
        ids |= set(Child.objects.filter(national_id_index=user.national_id_index).values_list("pk", flat=True))
    for address in EmailAddress.objects.filter(user=user, verified=True):
        ids |= set(unlinked.filter(email__iexact=address.email).values_list("child_id", flat=True))
    return sorted(ids, key=str)
