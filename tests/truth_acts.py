"""What can happen to a log, one thing at a time and at random: for the walk that holds the sentences against it (S28).

Three people at home and two services. A sequence is made again from its seed.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from apps.accounts.models import User
from apps.core.dates import OSLO, birthday
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import (
    About,
    BlockGround,
    CareEnd,
    CareKind,
    ConsentState,
    ContactChannel,
    ExceptionGround,
    LetIn,
    LogStatus,
    Relation,
    Responsibility,
    WordFrom,
)
from apps.stafettlogg.models import (
    CareDecision,
    Consent,
    ConsentAnswer,
    ConsentExceptionGrant,
    Guardian,
    HiddenPlace,
    Log,
)
from apps.stafettlogg.rules.care import SOURCES, Care
from apps.stafettlogg.services import care as care_services
from apps.stafettlogg.services import (
    closing,
    consent_questions,
    consents,
    exceptions,
    family_closing,
    hidden_places,
    own_logs,
    reminders,
    signs_of_life,
)
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_citizen, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.exempt import make_proof, seek
from tests.stafettlogg.family_pages import signed_in
from tests.truth_own import OwnActs

START = datetime(2026, 3, 2, 10, 0, tzinfo=OSLO)


class LogWalk(OwnActs):
    """One log and its people. `step()` does one thing; `done` counts what took effect, by name."""

    def __init__(self, seed: int, clock, *, own: bool, born: date | None = None) -> None:
        self.chance = random.Random(seed)  # noqa: S311 -- a sequence that can be made again
        self.clock, self.is_own, self.done = clock, own, Counter[str]()
        self.trail: list[str] = []
        self.strangers: list[User] = []
        self.now = START
        clock.move_to(self.now)
        make_municipality()
        load_start_texts(now=START - timedelta(days=400))
        self._make_places()
        self._make_family(born or (date(2010, 2, 1) if own else date(2011, 6, 1)))

    def _make_places(self) -> None:
        top = make_unit("Solvik kommune", kind=UnitKind.MUNICIPALITY)
        sector = make_unit("Oppvekst", kind=UnitKind.SECTOR, parent=top)
        health = make_unit("Helse og mestring", kind=UnitKind.SECTOR, parent=top)
        if self.is_own:
            self.root = make_unit("Skolehelsetjenesten", kind=UnitKind.SCHOOL_HEALTH, parent=sector)
            self.second = make_unit("Legesenteret", kind=UnitKind.DOCTOR, parent=health)
        else:
            self.root = make_unit("Fjordvik skole", kind=UnitKind.SCHOOL, parent=sector)
            self.second = make_unit("PP-tjenesten", kind=UnitKind.PPT, parent=sector)
        self.nav = make_unit("NAV Solvik", kind=UnitKind.NAV, parent=health)
        self.at_nav = make_employee(self.nav)
        self.leader, self.other_leader = make_leader(self.root), make_leader(health)
        self.holder, self.helper = make_employee(self.root), make_employee(self.second)
        self.services = [(self.holder, self.root), (self.helper, self.second)]

    def _make_family(self, born: date) -> None:
        self.youth = make_citizen("Test Vik")
        child = logs.make_child("Test", "Vik", birth_date=born, user=self.youth, answers_alone=self.is_own)
        logs.make_guardian(child, name="Mari Vik")
        logs.make_guardian(child, name="Ola Berg")
        log = logs.make_log(
            child=child, holder=self.holder, unit_ids=[self.second.pk], status=LogStatus.REQUESTED, now=self.now
        )
        self.pk, self.child_id = log.pk, child.pk
        logs.make_participant(log, self.second, user=self.helper, now=self.now)

    # What can happen --------------------------------------------------------------------------------------------------

    @property
    def log(self) -> Log:
        return Log.objects.select_related("child__user", "unit", "holder__user", "holder__window__unit").get(pk=self.pk)

    def guardians(self) -> list[Guardian]:
        return list(Guardian.objects.filter(child=self.child_id).select_related("user").order_by("name"))

    @property
    def is_over(self) -> bool:
        return self.log.status in (LogStatus.CLOSED, LogStatus.REMOVED)

    def people(self) -> list:
        """Those at home who have an account, and those who have one and no place here."""
        return [*(one.user for one in self.guardians() if one.user is not None), self.youth, *self.strangers]

    def step(self) -> None:
        """One thing, tried again with another until something may be done."""
        for _try in range(40):
            act = self.chance.choice(ACTS)
            try:
                happened = act(self)
            except (RuleBroken, AccessDenied):
                continue
            if happened is not False:
                self.done[act.__name__] += 1
                self.trail.append(act.__name__)
                return
        self.pass_days()
        self.done["pass_days"] += 1

    def ask(self) -> None:
        units = self.chance.choice([[self.root], [self.second], [self.root, self.second]])
        consent_questions.ask_consent(
            self.pk, unit_ids=[unit.pk for unit in units], actor=self.holder, family_asked=True, now=self.now
        )

    def waiting(self) -> list[Consent]:
        rows = Consent.objects.filter(log=self.pk, state=ConsentState.WAITING, request__cancelled_at=None)
        return list(rows.select_related("guardian__user", "unit", "request"))

    def _answer(self, yes: Callable[[], bool], *, limits: str = "") -> bool:
        waiting = self.waiting()
        if not waiting:
            return False
        one = self.chance.choice(waiting)
        if one.about == About.OWN and one.guardian is not None:
            return self._answer_own(one, yes(), limits=limits)
        rows = [row for row in waiting if (row.request_id, row.guardian_id) == (one.request_id, one.guardian_id)]
        let_in = None
        if one.guardian is None and self.is_own:
            let_in = {guardian.pk: self.chance.choice(list(LetIn)) for guardian in self.guardians()}
        consents.answer(
            one.request_id,
            guardian_id=one.guardian_id,
            **logs.said_to(rows, lambda _unit: yes()),
            route="digital",
            actor=one.guardian.user if one.guardian else self.youth,
            limits=limits,
            let_in=let_in,
            knows_readers=one.guardian is None,
            now=self.now,
        )
        return True

    def say_yes(self) -> bool:
        return self._answer(lambda: True)

    def say_yes_or_no(self) -> bool:
        return self._answer(lambda: self.chance.random() < 0.6)

    def say_no(self) -> bool:
        return self._answer(lambda: False)

    def limit(self) -> bool:
        return self._answer(lambda: True, limits="Ikke noe om søsken")

    def follow_limits(self) -> bool:
        unread = ConsentAnswer.objects.filter(request__log=self.pk, limits_followed_at=None)
        found = [answer for answer in unread if answer.limits]
        for answer in found:
            consents.follow_limits(answer.pk, actor=self.holder, now=self.now)
        return bool(found)

    def withdraw(self) -> bool:
        guardian = self.chance.choice([*self.guardians(), None])
        units = self.chance.choice([None, [self.root.pk], [self.second.pk]])
        actor = guardian.user if guardian else self.youth
        taken = consents.withdraw(
            self.pk, guardian_id=guardian.pk if guardian else None, unit_ids=units, actor=actor, now=self.now
        )
        return taken > 0

    def dispute(self) -> bool:
        answers = list(ConsentAnswer.objects.filter(request__log=self.pk, disputed_at=None))
        if not answers or self.chance.random() < 0.7:
            return False
        answer = self.chance.choice(answers)
        consents.dispute(answer.pk, actor=answer.guardian.user if answer.guardian else self.youth, now=self.now)
        return True

    def make_exception(self) -> None:
        guardian = self.chance.choice(self.guardians())
        ground = self.chance.choice(
            [ExceptionGround.UNREACHABLE, ExceptionGround.AUTHORITY, ExceptionGround.LACKS_CAPACITY]
        )
        if ground == ExceptionGround.UNREACHABLE:
            seek(self.log, guardian, now=self.now)
        proof = make_proof(ground, now=self.now)
        grant = exceptions.ask_exception(self.pk, guardian.pk, proof=proof, actor=self.holder, now=self.now)
        self._sign(grant)

    def _sign(self, grant) -> None:
        heard = {"second_leader_id": self.other_leader.pk, "dpo_heard_day": self.now.date()}
        grant = exceptions.sign_exception(grant.pk, actor=self.leader, now=self.now, **heard)
        if grant.waits_for_second:
            exceptions.sign_as_second(grant.pk, actor=self.other_leader, now=self.now)

    def sign_of_life(self) -> None:
        guardian = self.chance.choice(self.guardians())
        if not ConsentExceptionGrant.objects.filter(log=self.pk, guardian=guardian).exists():
            raise RuleBroken("nothing", "")
        if self.chance.random() < 0.5:
            signed_in(guardian.user)
            reminders.sweep(now=self.now)
        else:
            signs_of_life.write_contact(
                self.pk,
                guardian.pk,
                day=self.now.date(),
                channel=ContactChannel.PHONE,
                was_reached=True,
                actor=self.holder,
                now=self.now,
            )

    def block(self) -> bool:
        guardian = self.chance.choice(self.guardians())
        if guardian.is_blocked(self.now.date()) or self.chance.random() < 0.7:
            return False
        exceptions.block_guardian(
            self.pk,
            guardian.pk,
            ground=BlockGround.RESTRAINING_ORDER,
            decision_number="2026/3",
            last_day=self.now.date() + timedelta(days=30),
            actor=self.leader,
            now=self.now,
        )
        return True

    def unblock(self) -> bool:
        blocked = [one for one in self.guardians() if one.is_blocked(self.now.date())]
        if not blocked:
            return False
        exceptions.unblock_guardian(self.pk, blocked[0].pk, actor=self.leader, now=self.now)
        guardians_again(self, blocked[0])
        return True

    def hide_place(self) -> bool:
        if self.chance.random() < 0.5:
            return False
        guardian, by = self.chance.choice(self.guardians()), self.chance.choice([self.holder, self.leader])
        hidden_places.hide_place(self.pk, guardian.pk, word_from=WordFrom.GUARDIAN, actor=by, now=self.now)
        return True

    def show_place(self) -> bool:
        hiding = HiddenPlace.objects.filter(guardian__child=self.child_id, ended_at=None).first()
        if hiding is None:
            return False
        hidden_places.end_hiding(hiding.pk, is_told=True, actor=self.leader, now=self.now)
        return True

    def place_in_care(self) -> bool:
        if self.is_own or self.chance.random() < 0.7:
            return False
        kind = self.chance.choice([CareKind.CARE_ORDER, CareKind.EMERGENCY])
        named = next((one for one in self.guardians() if one.relation == Relation.CHILD_WELFARE), None)
        named = named or logs.make_guardian(
            self.log.child, name="Siri Dal", relation=Relation.CHILD_WELFARE, responsibility=Responsibility.UNCHECKED
        )
        day = self.now.date()
        care = Care(kind, SOURCES[kind][0], "2026/9", day, day + timedelta(days=30), str(named.pk))
        care_services.record_care(self.pk, care, actor=self.holder, now=self.now)
        for grant in ConsentExceptionGrant.objects.filter(log=self.pk, signed_at=None):
            self._sign(grant)
        return True

    def give_care_back(self) -> bool:
        decision = CareDecision.objects.filter(log=self.pk, ended_at=None).first()
        if decision is None:
            return False
        care_services.end_care(decision.pk, reason=CareEnd.values[0], actor=self.holder, now=self.now)
        return True

    def let_in_or_out(self) -> bool:
        guardian = self.chance.choice(self.guardians())
        chosen = {guardian.pk: self.chance.choice(list(LetIn))}
        return own_logs.choose_readers(self.pk, chosen, actor=self.youth, now=self.now) > 0

    def close_as_family(self) -> None:
        family_closing.ask_to_close(self.pk, actor=self.chance.choice(self.people()), now=self.now)

    def undo_closing(self) -> None:
        family_closing.undo_closing(self.pk, actor=self.chance.choice(self.people()), now=self.now)

    def close_in_the_shell(self) -> None:
        closing.close_log(self.pk, reason="other_plan", actor=self.holder, now=self.now)

    def pass_days(self, days: int | None = None) -> None:
        """Some days go; often, but not always, the sweeper has been there: rights end without it."""
        self.now += timedelta(days=days or self.chance.choice([1, 1, 3, 8, 14]), minutes=7)
        self.clock.move_to(self.now)
        if self.chance.random() < 0.7:
            reminders.sweep(now=self.now)

    def have_a_birthday(self) -> bool:
        born = self.log.child.birth_date
        to_come = [day for age in (16, 18) if (day := birthday(born, age)) > self.now.date()]
        if not to_come or self.chance.random() < 0.7:
            return False
        self.pass_days((to_come[0] - self.now.date()).days)
        return True

    def let_a_consent_run_out(self) -> bool:
        given = Consent.objects.filter(log=self.pk, state=ConsentState.GIVEN, expires_at__gt=self.now)
        first = given.order_by("expires_at").first()
        if first is None or self.chance.random() < 0.7:
            return False
        self.pass_days((first.expires_at - self.now).days + 1)
        return True


def guardians_again(walk: LogWalk, guardian: Guardian) -> None:
    """After a block nothing comes back by itself: the holder checks the responsibility anew, mostly."""
    from apps.stafettlogg.services import guardians

    if walk.chance.random() < 0.8:
        guardians.confirm_responsibility(walk.pk, guardian.pk, how="register", actor=walk.holder, now=walk.now)


ACTS: tuple[Callable[[LogWalk], bool | None], ...] = (
    LogWalk.ask,
    LogWalk.ask,
    LogWalk.say_yes,
    LogWalk.say_yes,
    LogWalk.say_yes,
    LogWalk.say_yes_or_no,
    LogWalk.say_no,
    LogWalk.limit,
    LogWalk.follow_limits,
    LogWalk.ask_her_own,
    LogWalk.say_yes_to_her_own,
    LogWalk.say_no_to_her_own,
    LogWalk.withdraw_her_own,
    LogWalk.write_in_her_thread,
    LogWalk.withdraw,
    LogWalk.dispute,
    LogWalk.make_exception,
    LogWalk.sign_of_life,
    LogWalk.block,
    LogWalk.unblock,
    LogWalk.hide_place,
    LogWalk.show_place,
    LogWalk.place_in_care,
    LogWalk.give_care_back,
    LogWalk.let_in_or_out,
    LogWalk.close_as_family,
    LogWalk.undo_closing,
    LogWalk.undo_closing,
    LogWalk.undo_closing,
    LogWalk.close_in_the_shell,
    LogWalk.pass_days,
    LogWalk.have_a_birthday,
    LogWalk.let_a_consent_run_out,
)
