import unicodedata
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords

from apps.accounts.enums import ProviderKind, UserKind
from apps.core.dates import FAR_DAY
from apps.core.fields import EncryptedTextField
from apps.core.models import TrackedQuerySet, UUIDModel, Versioned
from apps.municipality.models import Role, Unit


class UserManager(BaseUserManager["User"]):
    def make(self, *, email: str | None, name: str, kind: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; the e-mail is kept in lower case. Without a password nobody can sign in locally."""
        user = self.model(email=(email or "").strip().lower() or None, name=name, kind=kind, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


def spellings(password: str) -> list[str]:
    """The password as it is kept, letters composed, and as it was typed where that is another: some machines send «å»
    as a and a ring."""
    return list(dict.fromkeys([unicodedata.normalize("NFKC", password), password]))


class User(AbstractBaseUser):
    """A person who signs in. There is no superuser: every right follows from a membership or an access row.

    `email` is the sign-in name and is unique among employees and among citizens, each on their own: nobody learns
    from «the address is taken» that a colleague or a neighbour is here as a parent. `last_day` is the last local day
    the person may sign in. Counting `session_round` up ends every session the person has.
    `national_id_index` is the blind index of the person's fødselsnummer (context «person»), so the same human is
    recognised as employee and as guardian (safety.md S18) without the number being stored here.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Empty, not "", for those without one: the column is unique for each kind.
    email = models.EmailField(null=True)  # noqa: DJ001 -- unique and may be missing
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=UserKind.choices)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=8, blank=True)
    national_id_index = models.CharField(max_length=64, blank=True)
    # As the trusted sign-in gave it: all a stafettholder sees of who has used a code (safety.md S29).
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    protected_identity = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    last_day = models.DateField(default=FAR_DAY)
    session_round = models.PositiveIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(default=False)
    demo_note = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # For the type checker: what `accounts.selectors` read together with a person.
    places: "list[Membership]"
    coming_absences: "list[Absence]"

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "kind"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["national_id_index", "kind"],
                condition=~Q(national_id_index=""),
                name="user_one_per_person_and_kind",
            ),
            models.UniqueConstraint(fields=["email", "kind"], name="user_email_once_per_kind"),
            models.CheckConstraint(name="user_demo_note_only_in_demo", condition=Q(is_demo=True) | Q(demo_note="")),
        ]

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password if raw_password is None else spellings(raw_password)[0])

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password, however the machine composes its letters."""
        typed = [] if raw_password is None else spellings(raw_password)
        return any(super(User, self).check_password(spelling) for spelling in typed)

    def __str__(self):
        return self.name

    @property
    def is_employee(self) -> bool:
        return self.kind == UserKind.EMPLOYEE

    @property
    def is_citizen(self) -> bool:
        return self.kind == UserKind.CITIZEN

    @property
    def shown_name(self) -> str:
        """As colleagues see an employee whose workplace is not at hand: no name with a protected identity (S16)."""
        return str(_("En ansatt")) if self.protected_identity else self.name

    @property
    def given_name(self) -> str:
        return self.name.split(" ")[0]

    def _get_session_auth_hash(self, secret=None):
        return salted_hmac(
            "apps.accounts.models.User.session",
            f"{self.password}{self.session_round}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    def rights_on(self, day: date) -> set[str]:
        """The rights that follow from the places the person has on that local day. Empty for citizens."""
        if not self.is_active or not self.is_employee:
            return set()
        places = self.memberships.filter(first_day__lte=day, last_day__gte=day).select_related("role")
        return {right for place in places for right in place.role.rights}

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.given_name


class Membership(UUIDModel):
    """An employee's place: unit × role, from its first through its last local day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")
    title = models.CharField(max_length=80, blank=True)
    first_day = models.DateField()
    last_day = models.DateField(default=FAR_DAY)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(name="membership_days_in_order", condition=Q(first_day__lte=F("last_day"))),
            models.UniqueConstraint(fields=["user", "unit", "role", "first_day"], name="membership_once"),
        ]
        indexes = [models.Index(fields=["user", "first_day", "last_day"], name="membership_user_days")]

    def __str__(self):
        return f"{self.user} – {self.unit}"


class Absence(UUIDModel):
    """Someone is away from first through last day. Never why (safety.md S20).

    Who stands in is asked for each log, and is a deputy there (stafettlogg.Deputy; docs/adr/0022).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(name="absence_days_in_order", condition=Q(first_day__lte=F("last_day"))),
        ]

    def __str__(self):
        return f"{self.user} {self.first_day}–{self.last_day}"


class StaffProvider(Versioned, UUIDModel):
    """The provider that the municipality's own employees sign in with: at most one row (`the_only` is always True).

    `group_claim` and `group`: whoever is not in the group is not let in. A group never gives a place.
    """

    the_only = models.BooleanField(default=True, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=ProviderKind.choices, default=ProviderKind.ENTRA)
    name = models.CharField(max_length=60)
    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=200)
    client_secret = EncryptedTextField(context="accounts.staffprovider.client_secret")
    group_claim = models.CharField(max_length=60, blank=True)
    group = models.CharField(max_length=200, blank=True)
    is_on = models.BooleanField(default=False)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["client_secret"])

    class Meta:
        constraints = [
            models.CheckConstraint(name="staffprovider_only_one", condition=Q(the_only=True)),
            models.CheckConstraint(
                name="staffprovider_group_complete",
                condition=Q(group="", group_claim="") | (~Q(group="") & ~Q(group_claim="")),
            ),
        ]

    def __str__(self):
        return self.name


class StaffIdentity(UUIDModel):
    """Which employee a provider means by a name of its own. Made by the employee, signed in here; never by e-mail."""

    user = models.ForeignKey(User, models.PROTECT, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="staffidentity_one_person"),
            models.UniqueConstraint(fields=["issuer", "user"], name="staffidentity_one_per_person"),
        ]

    def __str__(self):
        return str(self.user)
