"""Which citizen user a guardian or youth is."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.enums import UserKind
from apps.accounts.models import User
from apps.stafettlogg.enums import OPEN_STATUSES, LetIn, Responsibility
from apps.stafettlogg.models import Child, Guardian, LinkCut, Log, PlaceCode, ProtectionEnd


def citizen_by_index(national_id_index: str) -> User | None:
    """The active citizen with this blind index, else None."""
    if not national_id_index:
        return None
    return User.objects.filter(kind=UserKind.CITIZEN, is_active=True, national_id_index=national_id_index).first()


def any_citizen(national_id_index: str) -> User | None:
    """The citizen with this blind index, also one who may not sign in any more; else None."""
    rows = User.objects.filter(kind=UserKind.CITIZEN, national_id_index=national_id_index)
    return rows.first() if national_id_index else None


def logs_waiting_for(national_id_index: str) -> list[UUID]:
    """Ids of open logs with a checked guardian's place, or a youth, of this number that nobody is linked to yet."""
    guardians = Guardian.objects.filter(
        user=None, responsibility=Responsibility.CONFIRMED, national_id_index=national_id_index
    )
    youth = Child.objects.filter(user=None, birth_date__isnull=False, national_id_index=national_id_index)
    logs = Log.objects.filter(status__in=OPEN_STATUSES).filter(
        Q(child__in=guardians.values("child")) | Q(child__in=youth.values("pk"))
    )
    return list(logs.order_by("requested_at", "pk").values_list("pk", flat=True)) if national_id_index else []


def name_of_linked(user: User) -> str:
    """The name that stands at a place the user is linked to; '' when there is no such place."""
    names = Guardian.objects.filter(user=user).order_by("pk").values_list("name", flat=True)[:1]
    youth = Child.objects.filter(user=user).order_by("pk").values_list("given_name", "family_name")[:1]
    return next(iter(names), "") or " ".join(next(iter(youth), ())).strip()


def citizen_for(guardian: Guardian) -> User | None:
    """The guardian's own user, by the blind index of the number alone: never by an e-mail address (S29).

    Never one who already is another guardian of the same child, or the child, nor one the place was cut from.
    """
    user = citizen_by_index(guardian.national_id_index)
    if user is None or is_another_here(guardian, user) or LinkCut.objects.filter(guardian=guardian, user=user).exists():
        return None
    return user


def is_another_here(guardian: Guardian, user: User) -> bool:
    """Whether the user is another guardian of this child, or the child."""
    taken = Guardian.objects.filter(child=guardian.child_id, user=user).exclude(pk=guardian.pk).exists()
    return taken or guardian.child.user_id == user.pk


def codes_to_confirm(child_id: UUID, now: datetime) -> dict[UUID, PlaceCode]:
    """By guardian the code that has been used, and that the holder has not confirmed."""
    rows = used_codes(now).filter(guardian__child=child_id).select_related("used_by")
    return {row.guardian_id: row for row in rows}


def used_codes(now: datetime) -> QuerySet[PlaceCode]:
    """Codes that somebody has used, and that can still be confirmed."""
    return PlaceCode.objects.filter(used_by__isnull=False, confirmed_at=None, ends_at__gt=now)


def logs_with_new_users() -> list:
    """Ids of open logs where a checked guardian or a youth has got a user and is not linked to it yet."""
    citizens = User.objects.filter(kind=UserKind.CITIZEN, is_active=True)
    indexes = citizens.exclude(national_id_index="").values("national_id_index")
    cut = LinkCut.objects.filter(guardian=OuterRef("pk"), user__national_id_index=OuterRef("national_id_index"))
    has_place = Q(responsibility=Responsibility.CONFIRMED) | Q(
        foster_places__yes_at__isnull=False, foster_places__ended_at=None, foster_places__care__ended_at=None
    )
    guardians = Guardian.objects.filter(~Exists(cut), has_place, user=None, national_id_index__in=indexes)
    guardians = guardians.exclude(child__answers_alone=True, let_in=LetIn.NO)
    youth = Child.objects.filter(user=None, birth_date__isnull=False, national_id_index__in=indexes)
    logs = Log.objects.filter(status__in=OPEN_STATUSES).filter(
        Q(child__in=guardians.values("child")) | Q(child__in=youth)
    )
    return list(logs.order_by("requested_at", "pk").values_list("pk", flat=True))


def protection_ends(child: Child) -> list[ProtectionEnd]:
    """When the protection of this record's address was ended, by whom and why, newest first (S17)."""
    return list(ProtectionEnd.objects.filter(child=child).select_related("signed_by").order_by("-signed_at", "pk"))
