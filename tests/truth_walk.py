"""A random walk through what can happen to a log, and what must be true of every sentence after each step (S28).

Three people at home (or three who are meant to be) and two services. What each employee gets when signing in is the
measure; what every page, receipt and PDF says is held against it. A sequence is made again from its seed.
"""

import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO

from pypdf import PdfReader

from apps.core.dates import OSLO, birthday
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.stafettlogg import access
from apps.stafettlogg.enums import BlockGround, ConsentState, ContactChannel, ExceptionGround, LetIn, LogStatus
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentExceptionGrant, Guardian, Log
from apps.stafettlogg.selectors.family_children import cards_for
from apps.stafettlogg.services import (
    closing,
    consent_questions,
    consents,
    exceptions,
    family_closing,
    own_logs,
    reminders,
    signs_of_life,
)
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_citizen, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.exempt import make_proof, seek
from tests.stafettlogg.family_pages import main_of, page_of, signed_in

START = datetime(2026, 3, 2, 10, 0, tzinfo=OSLO)
PAGES_EACH = 10
# So many steps are still taken in a log that is closed or removed.
AFTER_THE_END = 2
_SAID = re.compile(r'p-state__say">(.*?)</p>|p-state__line">(.*?)</p>', re.DOTALL)
_READS = re.compile(r"^(?P<who>.*?) kan (?:fortsatt )?lese")
_NOBODY = ("Ingen tjeneste leser", "Vi deler ingenting")
_SPACE = re.compile(r"\s+")


def flat(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


class TruthWalk:
    """One log and its people. `step()` does one thing; `check()` is what holds after every step, `check_pages()` what
    every page, receipt and PDF says. `done` counts what took effect, by name."""

    def __init__(self, seed: int, clock, *, own: bool) -> None:
        self.chance, self.clock, self.is_own, self.done = random.Random(seed), clock, own, Counter[str]()  # noqa: S311
        self.trail: list[str] = []
        self.now = START
        clock.move_to(self.now)
        make_municipality()
        load_start_texts(now=START - timedelta(days=400))
        self._make_places()
        self._make_family()

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
        self.leader, self.other_leader = make_leader(self.root), make_leader(health)
        self.holder, self.helper = make_employee(self.root), make_employee(self.second)

    def _make_family(self) -> None:
        born = date(2010, 2, 1) if self.is_own else date(2011, 6, 1)
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
        return [*(guardian.user for guardian in self.guardians()), self.youth]

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

    def ask(self) -> None:
        units = self.chance.choice([[self.root], [self.second], [self.root, self.second]])
        consent_questions.ask_consent(
            self.pk, unit_ids=[unit.pk for unit in units], actor=self.holder, family_asked=True, now=self.now
        )

    def _answer(self, yes: Callable[[], bool], *, limits: str = "") -> bool:
        waiting = list(
            Consent.objects.filter(log=self.pk, state=ConsentState.WAITING, request__cancelled_at=None).select_related(
                "guardian__user", "unit", "request"
            )
        )
        if not waiting:
            return False
        one = self.chance.choice(waiting)
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

    def dispute(self) -> None:
        answer = self.chance.choice(list(ConsentAnswer.objects.filter(request__log=self.pk)) or [None])
        if answer is None:
            raise RuleBroken("nothing", "")
        consents.dispute(answer.pk, actor=answer.guardian.user if answer.guardian else self.youth, now=self.now)

    def make_exception(self) -> None:
        guardian = self.chance.choice(self.guardians())
        ground = self.chance.choice(
            [ExceptionGround.UNREACHABLE, ExceptionGround.AUTHORITY, ExceptionGround.LACKS_CAPACITY]
        )
        if ground == ExceptionGround.UNREACHABLE:
            seek(self.log, guardian, now=self.now)
        proof = make_proof(ground, now=self.now)
        grant = exceptions.ask_exception(self.pk, guardian.pk, proof=proof, actor=self.holder, now=self.now)
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

    def block(self) -> None:
        guardian = self.chance.choice(self.guardians())
        exceptions.block_guardian(
            self.pk,
            guardian.pk,
            ground=BlockGround.RESTRAINING_ORDER,
            decision_number="2026/3",
            last_day=self.now.date() + timedelta(days=30),
            actor=self.leader,
            now=self.now,
        )

    def unblock(self) -> bool:
        blocked = [one for one in self.guardians() if one.is_blocked(self.now.date())]
        if not blocked:
            return False
        exceptions.unblock_guardian(self.pk, blocked[0].pk, actor=self.leader, now=self.now)
        guardians_again(self, blocked[0])
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

    # What must be true ------------------------------------------------------------------------------------------------

    def employees_who_read(self) -> set[str]:
        """The services whose employee meets the content, by name, from the rows that let people in."""
        rows = {row.user_id: row for row in access.current_rows_in([self.pk], self.now)}
        found = set()
        for user, unit in ((self.holder, self.root), (self.helper, self.second)):
            row = rows.get(user.pk)
            sees = row is not None and access.visible_logs(user, self.now).exists() and access.sees_content(row)
            found |= {unit.name} if sees else set()
        return found

    def sentences(self) -> dict:
        """What is said to each reader at home, by person; nothing for one who reads nothing."""
        found = {}
        for user in self.people():
            cards = cards_for(user, self.now)
            assert len(cards) <= 1
            found[user] = cards[0].state if cards else None
        return found

    def check(self) -> None:
        reads = self.employees_who_read()
        for user, state in self.sentences().items():
            if state is None:
                continue
            self._hold(user, state, reads)

    def _hold(self, user, state, reads) -> None:
        where = (self.trail[-5:], user.name, state.say, reads)
        assert state.shares == bool(reads), where
        assert any(words in state.say for words in _NOBODY) <= (not reads), where
        for sentence in re.split(r"(?<=\.) ", state.say):
            named = _READS.match(sentence)
            if named:
                assert {one for one in (self.root.name, self.second.name) if one in named["who"]} == reads, where
        if not reads and state.code not in ("asked", "waiting"):
            assert any(words in state.say for words in _NOBODY) or state.code == "closed", where
        if "ennå" in state.say:
            yes = Consent.objects.filter(log=self.pk, state=ConsentState.GIVEN, guardian__user=user)
            assert yes.exists() or user == self.youth, where

    def check_pages(self) -> None:
        """Signing in as each: employees meet the content or not, and the family one sentence on every page and PDF."""
        reads = self.employees_who_read()
        for user, unit in ((self.holder, self.root), (self.helper, self.second)):
            got = signed_in(user).get(page_of("plan", self.pk)).status_code
            assert (got == 200) == (unit.name in reads), (self.trail[-5:], unit.name, got)
        for user, state in self.sentences().items():
            self._check_family(user, state)

    def _check_family(self, user, state) -> None:
        client = signed_in(user)
        children = main_of(client.get(page_of("children")))
        shown = {flat(first or second) for first, second in _SAID.findall(children)}
        if state is None:
            assert shown == set(), (self.trail[-5:], user.name, shown)
            assert client.get(page_of("parent_log", self.pk)).status_code == 404, (self.trail[-5:], user.name)
            return
        say = flat(state.say)
        for name in ("parent_log", "own_consents"):
            page = main_of(client.get(page_of(name, self.pk)))
            shown |= {flat(first or second) for first, second in _SAID.findall(page)}
        assert shown <= {say}, (self.trail[-5:], user.name, shown, say)
        assert say in shown, (self.trail[-5:], user.name, shown, say)
        if self.log.is_opened:
            self._check_pdf(client, say, user)
        self._check_receipts(client, user)

    def _check_pdf(self, client, say, user) -> None:
        got = client.get(page_of("family_download", self.pk))
        if got.status_code == 200:
            text = flat(" ".join(page.extract_text() for page in PdfReader(BytesIO(got.content)).pages))
            assert say.replace(" ", "") in text.replace(" ", ""), (self.trail[-5:], user.name, say)

    def _check_receipts(self, client, user) -> None:
        """A receipt speaks of its own instant and points to the page that is true now."""
        answers = ConsentAnswer.objects.filter(request__log=self.pk)
        own = answers.filter(guardian__user=user) if user != self.youth else answers.filter(is_youth=True)
        for answer in own.order_by("-answered_at")[:1]:
            got = client.get(page_of("consent_receipt", self.pk, answer.pk))
            assert got.status_code == 200, (self.trail[-5:], user.name)
            page = main_of(got)
            assert page_of("parent_log", self.pk) in page or page_of("children") in page


def guardians_again(walk: TruthWalk, guardian: Guardian) -> None:
    """After a block nothing comes back by itself: the holder checks the responsibility anew, mostly."""
    from apps.stafettlogg.services import guardians

    if walk.chance.random() < 0.8:
        guardians.confirm_responsibility(walk.pk, guardian.pk, how="register", actor=walk.holder, now=walk.now)


ACTS: tuple[Callable[[TruthWalk], bool | None], ...] = (
    TruthWalk.ask,
    TruthWalk.ask,
    TruthWalk.say_yes,
    TruthWalk.say_yes,
    TruthWalk.say_yes,
    TruthWalk.say_yes_or_no,
    TruthWalk.say_no,
    TruthWalk.limit,
    TruthWalk.follow_limits,
    TruthWalk.withdraw,
    TruthWalk.dispute,
    TruthWalk.make_exception,
    TruthWalk.sign_of_life,
    TruthWalk.block,
    TruthWalk.unblock,
    TruthWalk.let_in_or_out,
    TruthWalk.close_as_family,
    TruthWalk.undo_closing,
    TruthWalk.close_in_the_shell,
    TruthWalk.pass_days,
    TruthWalk.have_a_birthday,
    TruthWalk.let_a_consent_run_out,
)


def walk(seed: int, clock, *, steps: int, own: bool) -> Counter[str]:
    """So many steps, each checked; pages, receipts and PDF at every tenth and the end. What took effect, counted.

    When a log is over, the next begins: of other people, in other places.
    """
    done, over = Counter[str](), 0
    one = TruthWalk(seed, clock, own=own)
    for number in range(1, steps + 1):
        one.step()
        one.check()
        over += one.is_over
        if number % PAGES_EACH == 0 or number == steps or over > AFTER_THE_END:
            one.check_pages()
        if over > AFTER_THE_END:
            done, over = done + one.done, 0
            one = TruthWalk(seed * 1000 + number, clock, own=own)
    return done + one.done
