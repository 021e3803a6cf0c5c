"""Logs for the tests, made by the services themselves. What a test is about is written in the test."""

import datetime
from itertools import count

from django.utils import timezone

from apps.accounts.access import leaders_of
from apps.core.dates import end_of_day
from apps.core.national_id import NationalId
from apps.core.written import folded
from apps.stafettlogg.enums import (
    About,
    AccessKind,
    CheckedHow,
    LogStatus,
    Relation,
    Responsibility,
    Route,
    WindowBasis,
)
from apps.stafettlogg.models import (
    Child,
    ConsentRequest,
    ConsentText,
    ConsentWindow,
    Guardian,
    Log,
)
from apps.stafettlogg.services import consent_questions, consents, family_closing
from apps.stafettlogg.services.access import family_row, staff_row
from apps.stafettlogg.services.guardians import GuardianInput
from apps.stafettlogg.services.requests import ChildInput, request_log
from tests.factories import make_citizen, make_employee, make_leader, make_municipality, make_unit

__all__ = [
    "close_for_family",
    "give_access",
    "give_consents",
    "make_child",
    "make_citizen",
    "make_consent_text",
    "make_employee",
    "make_goal",
    "make_guardian",
    "make_guardian_input",
    "make_log",
    "make_measure",
    "make_participant",
    "make_unit",
    "open_window",
]
BORN = datetime.date(2021, 5, 4)
_numbers = count(1)


def make_consent_text(number=1):
    """The published text that questions need; made the first time."""
    text = ConsentText.objects.filter(key="sharing_child", number=number).first()
    return text or ConsentText.objects.create(
        key="sharing_child",
        number=number,
        title={"nb": "Samtykke til å dele på tvers"},
        paragraphs=[{"nb": "Du kan si nei."}],
        statement={"nb": "Jeg, {name}, samtykker til at {unit} deler med {services} til {until}."},
        published_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
    )


def make_child(given_name="Emma", family_name="Vik", *, birth_date=BORN, **fields):
    fields.setdefault("search_name", f"{given_name} {family_name}".casefold())
    fields.setdefault("folded_name", folded(f"{given_name} {family_name}"))
    return Child.objects.create(given_name=given_name, family_name=family_name, birth_date=birth_date, **fields)


def make_guardian(child, *, user=None, name=None, responsibility=Responsibility.CONFIRMED, checked_by=None, **fields):
    """A guardian whose responsibility is checked; with a citizen of her own unless `user=False`."""
    name = name or f"Forelder {next(_numbers)}"
    if user is None:
        user = make_citizen(name)
    if responsibility != Responsibility.UNCHECKED:
        fields.setdefault("checked_how", CheckedHow.REGISTER)
        fields.setdefault("checked_at", timezone.now())
        fields["checked_by"] = checked_by or make_employee()
    fields.setdefault("birth_date_confirmed_at", timezone.now())
    fields.setdefault("relation", Relation.MOTHER)
    return Guardian.objects.create(child=child, user=user or None, name=name, responsibility=responsibility, **fields)


def make_guardian_input(name="Mari Vik", relation=Relation.MOTHER, **fields):
    """A guardian as the request form gives her, responsibility checked."""
    fields.setdefault("responsibility", Responsibility.CONFIRMED)
    fields.setdefault("checked_how", CheckedHow.REGISTER)
    return GuardianInput(name=name, relation=relation, **fields)


def make_log(*, status=LogStatus.ACTIVE, holder=None, guardians=None, child=None, unit_ids=(), now=None):
    """A log asked for by its holder about a child with one or more guardians (default one).

    `status` REQUESTED (nobody has answered) or ACTIVE (everybody said yes digitally, on paper without a user). Returns
    the log; `log.child`, `log.holder.user`, `log.guardians` (list) are at hand.
    """
    now = now or timezone.now()
    make_municipality()
    make_consent_text()
    holder = holder or make_employee()
    child = child or make_child()
    guardians = guardians if guardians is not None else list(child.guardians.all()) or [make_guardian(child)]
    log = _request(child, holder, now=now)
    consent_questions.ask(log, unit_ids={log.unit_id, *unit_ids}, actor=holder, now=now)
    if status == LogStatus.ACTIVE:
        give_consents(log, now=now)
    log = Log.objects.select_related("child", "unit", "holder__user", "holder__membership__unit").get(pk=log.pk)
    log.guardians = guardians
    return log


def _request(child, holder, *, now):
    """As `services.requests` makes it, about a child that is there already."""
    from django.db import transaction

    from apps.stafettlogg.services.requests import _log

    with transaction.atomic():
        return _log(child, holder.membership.unit, holder.membership, actor=holder, now=now)


def said_to(rows, yes) -> dict:
    """The answer to these waiting rows for `consents.answer`: `yes` is True, False or a function of the unit's id."""
    says = yes if callable(yes) else lambda _unit_id: yes
    said = {"choices": {}, "own_choices": {}}
    for row in rows:
        said["own_choices" if row.about == About.OWN else "choices"][row.unit_id] = says(row.unit_id)
    return said


def give_consents(log, *, yes=True, now=None, unit_ids=None, only=None):
    """Everyone who is asked (or the guardians in `only`) answers all that waits, or only the units in `unit_ids`."""
    now = now or timezone.now()
    for request in ConsentRequest.objects.filter(log=log, cancelled_at=None).order_by("number"):
        waiting = {}
        for row in request.consents.filter(state="waiting").select_related("guardian__user", "log__child__user"):
            if only is None or row.guardian in only:
                waiting.setdefault(row.guardian, []).append(row)
        for guardian, rows in waiting.items():
            user = guardian.user if guardian else log.child.user
            consents.answer(
                request.pk,
                guardian_id=guardian.pk if guardian else None,
                **said_to(rows, lambda unit_id: yes if unit_ids is None or unit_id in unit_ids else not yes),
                route=Route.DIGITAL if user else Route.PAPER,
                actor=user or log.holder.user,
                now=now,
            )


def close_for_family(log, user, *, now=None):
    """A guardian or the youth has ended the log for all, and the days to undo it in are over."""
    now = now or timezone.now()
    family_closing.ask_to_close(log.pk, actor=user, now=now)
    closing = Log.objects.get(pk=log.pk)
    closing.closes_at = now
    closing.save()
    family_closing.close_due_logs(now=now)


def open_window(log, unit, *, now=None, days=365, basis=WindowBasis.CONSENT, scope=None):
    """Let a unit see the log, without asking anyone: for tests that are not about consent. All of it, or as `scope`."""
    now = now or timezone.now()
    window, _ = ConsentWindow.objects.get_or_create(
        log=log, unit=unit, defaults={"basis": basis, "valid_from": now, "valid_until": now}
    )
    window.basis, window.scope = basis, scope or window.scope
    window.valid_until = end_of_day(timezone.localdate(now) + datetime.timedelta(days=days))
    if basis != WindowBasis.CONSENT or (window.shell_until or now) < window.valid_until:
        window.shell_until = None
    window.save()
    return window


def make_participant(log, unit=None, *, user=None, now=None, kind=AccessKind.PARTICIPANT, **fields):
    """An employee of another unit who stands in the log through an open window."""
    now = now or timezone.now()
    user = user or make_employee(unit, **fields)
    window = open_window(log, user.membership.unit, now=now)
    staff_row(log=log, membership=user.membership, window=window, kind=kind, actor=user, now=now)
    return user


def give_access(log, user, *, kind=AccessKind.GUARDIAN, now=None):
    """A family row without a question."""
    return family_row(log=log, user=user, child=log.child, kind=kind, actor=user, now=now or timezone.now())


def make_national_id(digits, birth_date):
    return NationalId(digits, birth_date, "synthetic")


def request_as_typed(holder, *, child=None, guardians=None, unit_ids=(), now=None, proposed=None):
    """`services.requests.request_log` with a full, dull form, from a unit that somebody leads."""
    make_municipality()
    if not leaders_of(holder.membership.unit, timezone.localdate(now) if now else None):
        make_leader(holder.membership.unit)
    make_consent_text()
    return request_log(
        actor=holder,
        membership=holder.membership,
        child=child or ChildInput(given_name="Emma", family_name="Vik", birth_date=BORN),
        guardians=guardians if guardians is not None else [make_guardian_input()],
        proposed_holder_membership=(proposed or holder).membership,
        unit_ids=unit_ids,
        now=now or timezone.now(),
    )


def make_goal(log, title="Emma har noen å leke med hver dag", *, actor=None, now=None):
    """A goal as the holder adds it."""
    from apps.stafettlogg.services.plan import add_goal

    return add_goal(log.pk, title=title, actor=actor or log.holder.user, now=now or timezone.now())


def make_measure(goal, title="Ane starter en lek hver formiddag", *, actor=None, now=None, **fields):
    """A measure in the service, without responsible and deadline unless they are given."""
    from apps.stafettlogg.services.plan import MeasureInput, add_measure

    measure = MeasureInput(title=title, place=fields.pop("place", "service"), **fields)
    return add_measure(goal.pk, measure=measure, actor=actor or goal.log.holder.user, now=now or timezone.now())
