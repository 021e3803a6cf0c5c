from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.core.fields import EncryptedTextField, LocalizedTextField
from apps.core.models import TrackedQuerySet, UUIDModel
from apps.municipality.enums import Purpose
from apps.municipality.models import Unit
from apps.stafettlogg.enums import About, ConsentScope, ConsentState, Route
from apps.stafettlogg.models.guardians import Guardian
from apps.stafettlogg.models.logs import Log


class ConsentText(UUIDModel):
    """One version of a consent text. Immutable once published: an old consent keeps its old words.

    `paragraphs` is a list of {"nb","nn","en"}; `statement` has the placeholders {name} {unit} {services} {until}.
    Without `published_at` it is the draft of the next version, which nobody is asked with: `edition` counts its
    changes, and an approval is of one edition. It is published from the midnight that `valid_from_day` begins.
    """

    key = models.SlugField(max_length=40)
    number = models.PositiveIntegerField()
    title = LocalizedTextField()
    paragraphs = models.JSONField(default=list)
    statement = LocalizedTextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    edition = models.PositiveIntegerField(default=1)
    valid_from_day = models.DateField(null=True, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    drafted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="consent_text_once_per_version"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(published_at__isnull=True), name="consent_text_one_draft_per_key"
            ),
        ]

    def __str__(self):
        return f"{self.key} {self.number}"

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding and ConsentText.objects.filter(pk=self.pk, published_at__isnull=False).exists():
            raise RuntimeError("A consent text is never changed once it is published: save a new version.")
        super().save(*args, **kwargs)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


class ConsentRequest(UUIDModel):
    """One round of asking: which units, answered by when. Who must answer is frozen in its `Consent` rows.

    `answer_day` is the deadline the family is shown; `last_day` the last day an answer counts, after which the question
    has lapsed. Both include the day, and the first is never after the second.

    `number` is its place among the log's rounds: two rounds of the same instant still have an order. `completes` is
    the round this one is part of, when one guardian alone was asked afterwards (safety.md S27).

    `about`: whose information it asks for. One guardian's own is asked in a request of her own, never together with the
    child's (safety.md S3, docs/adr/0020).
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="consent_requests")
    number = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer_day = models.DateField()
    last_day = models.DateField()
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    about = models.CharField(max_length=6, choices=About.choices, default=About.CHILD)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    completes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="completed_by")

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "number"], name="consent_request_once_per_number"),
            models.CheckConstraint(name="consent_deadline_in_time", condition=Q(answer_day__lte=F("last_day"))),
            models.CheckConstraint(
                name="consent_request_of_her_own_is_whole", condition=Q(about=About.CHILD) | Q(completes=None)
            ),
        ]

    def __str__(self):
        return str(self.pk)


class ConsentAnswer(UUIDModel):
    """One respondent's one sitting: how it was answered, by whom it was recorded, limits, receipt. Append only,
    except that the holder ticks «Lest og fulgt» on the limits (safety.md S12) and the guardian may dispute it.
    """

    request = models.ForeignKey(ConsentRequest, models.PROTECT, related_name="answers")
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="answers")
    is_youth = models.BooleanField(default=False)
    route = models.CharField(max_length=8, choices=Route.choices)
    answered_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    language = models.CharField(max_length=8, default="nb")
    used_interpreter = models.BooleanField(default=False)
    witness_note = EncryptedTextField(context="stafettlogg.consentanswer.witness_note", blank=True)
    limits = EncryptedTextField(context="stafettlogg.consentanswer.limits", blank=True)
    limits_followed_at = models.DateTimeField(null=True, blank=True)
    limits_followed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reference = models.CharField(max_length=12, unique=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    # The youth has been shown who at home reads the shared log she lets her own health service into (safety.md S26).
    knows_readers = models.BooleanField(default=False)
    scan = models.BinaryField(null=True, blank=True)
    scan_name = models.CharField(max_length=100, blank=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="answer_guardian_or_youth",
                condition=Q(guardian__isnull=False, is_youth=False) | Q(guardian=None, is_youth=True),
            ),
            models.CheckConstraint(
                name="answer_oral_has_witness", condition=~Q(route=Route.ORAL) | ~Q(witness_note="")
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def has_unread_limits(self) -> bool:
        """Whether the holder has yet to tick «Lest og fulgt» (safety.md S12)."""
        return bool(self.limits) and self.limits_followed_at is None


class ConsentWithdrawal(UUIDModel):
    """One respondent has taken back one or more yeses: the receipt of it, as full as that of an answer. Append only."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="withdrawals")
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="withdrawals")
    is_youth = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    language = models.CharField(max_length=8, default="nb")
    reference = models.CharField(max_length=12, unique=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="withdrawal_guardian_or_youth",
                condition=Q(guardian__isnull=False, is_youth=False) | Q(guardian=None, is_youth=True),
            ),
        ]

    def __str__(self):
        return self.reference


# A question that is asked again in the same round stands beside the row it replaces.
_LIVE = ~Q(state__in=[ConsentState.REPLACED, ConsentState.CANCELLED])


class Consent(UUIDModel):
    """One respondent × one unit × whose information, in one request. *Expired* and *lapsed* are derived, never stored.

    `scope` says how much of the log the unit reads, as it was asked (docs/adr/0016).
    `expires_at` is the instant (local midnight after the last day) from which a given consent no longer counts.
    `purpose` is why the service is asked for, frozen with the question; none before the log is open (safety.md S5).
    """

    request = models.ForeignKey(ConsentRequest, models.PROTECT, related_name="consents")
    log = models.ForeignKey(Log, models.PROTECT, related_name="consents")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="consents")
    is_youth = models.BooleanField(default=False)
    about = models.CharField(max_length=6, choices=About.choices, default=About.CHILD)
    scope = models.CharField(max_length=8, choices=ConsentScope.choices, default=ConsentScope.LOG)
    purpose = models.CharField(max_length=16, choices=Purpose.choices, blank=True)
    state = models.CharField(max_length=10, choices=ConsentState.choices, default=ConsentState.WAITING)
    answer = models.ForeignKey(ConsentAnswer, models.PROTECT, null=True, blank=True, related_name="consents")
    withdrawal = models.ForeignKey(ConsentWithdrawal, models.PROTECT, null=True, blank=True, related_name="consents")
    answered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consent_guardian_or_youth",
                condition=Q(guardian__isnull=False, is_youth=False) | Q(guardian=None, is_youth=True),
            ),
            models.UniqueConstraint(
                fields=["request", "unit", "guardian", "about"],
                condition=Q(guardian__isnull=False) & _LIVE,
                name="consent_once_per_guardian",
            ),
            models.UniqueConstraint(
                fields=["request", "unit", "about"],
                condition=Q(is_youth=True) & _LIVE,
                name="consent_once_for_youth",
            ),
            models.CheckConstraint(
                name="consent_own_is_guardians", condition=Q(about=About.CHILD) | Q(guardian__isnull=False)
            ),
            models.CheckConstraint(
                name="consent_purpose_is_about_child", condition=Q(purpose="") | Q(about=About.CHILD)
            ),
            models.CheckConstraint(
                name="consent_given_has_expiry", condition=~Q(state=ConsentState.GIVEN) | Q(expires_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["log", "unit", "state"], name="consent_log_unit_state")]

    def __str__(self):
        return f"{self.log_id} {self.state}"
