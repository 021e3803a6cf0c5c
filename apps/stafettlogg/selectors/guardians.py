"""Which citizen user a guardian or youth is."""

from allauth.account.models import EmailAddress
from django.db.models import Q

from apps.accounts.enums import UserKind
from apps.accounts.models import User
from apps.stafettlogg.enums import LetIn, LogStatus, Responsibility
from apps.stafettlogg.models import Child, Guardian, Log, ProtectionEnd


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


def logs_with_new_users() -> list:
    """Ids of open logs where a checked guardian or a youth has got a user and is not linked to it yet."""
    citizens = User.objects.filter(kind=UserKind.CITIZEN, is_active=True)
    indexes = citizens.exclude(national_id_index="").values("national_id_index")
    emails = EmailAddress.objects.filter(verified=True, user__in=citizens).values("email")
    guardians = Guardian.objects.filter(user=None, responsibility=Responsibility.CONFIRMED).filter(
        Q(national_id_index__in=indexes) | Q(email__in=emails)
    )
    guardians = guardians.exclude(child__answers_alone=True, let_in=LetIn.NO)
    youth = Child.objects.filter(user=None, birth_date__isnull=False, national_id_index__in=indexes)
    logs = Log.objects.filter(status__in=[LogStatus.REQUESTED, LogStatus.ACTIVE]).filter(
        Q(child__in=guardians.values("child")) | Q(child__in=youth)
    )
    return list(logs.order_by("requested_at", "pk").values_list("pk", flat=True))


def protection_ends(child: Child) -> list[ProtectionEnd]:
    """When the protection of this record's address was ended, by whom and why, newest first (S17)."""
    return list(ProtectionEnd.objects.filter(child=child).select_related("signed_by").order_by("-signed_at", "pk"))
