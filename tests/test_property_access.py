"""A18 and D1: whatever happens in whatever order, the portal and a plain rule agree on who sees the log.

A random walk of answers, withdrawals, new questions, joining, leaving, handovers, deputies, ended places, closed
accounts, blocks and passing days. After each step everyone is compared; now and then by opening the page.
"""

import random
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from apps.core.dates import OSLO, add_months, end_of_day, local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, BlockGround, ConsentScope, ConsentState, HandoverState, LogStatus, Route
from apps.stafettlogg.models import Consent, ConsentRequest, Handover, Log, LogAccess
from apps.stafettlogg.rules.scopes import reach_of
from apps.stafettlogg.selectors.log_list import FILTERS, Wanted, logs_for_list
from apps.stafettlogg.services import (
    consent_questions,
    consents,
    deputies,
    exceptions,
    handovers,
    participants,
    windows,
)
from apps.stafettlogg.services.messages import write_message
from tests import factories
from tests.access_oracle import NO, Oracle, Stay
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log

START = datetime(2026, 9, 1, 10, tzinfo=OSLO)
WRITTEN = "Fiskeørn"


class Walk:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 -- the same walk each time
        self.now, self.done, self.refused = START, {}, 0
        self.own = factories.make_unit("Solbakken")
        others = [factories.make_unit(f"Tjeneste {n}", kind=UnitKind.THERAPY) for n in range(2)]
        self.leader = factories.make_leader(self.own)
        self.colleagues = [factories.make_employee(self.own) for _n in range(3)]
        self.staff = {unit: [factories.make_employee(unit) for _n in range(2)] for unit in others}
        child = make_child()
        self.guardians = {guardian.user: guardian for guardian in (make_guardian(child), make_guardian(child))}
        holder = factories.make_employee(self.own)
        self.log = make_log(
            holder=holder,
            child=child,
            guardians=list(self.guardians.values()),
            unit_ids=[unit.pk for unit in others],
            status=LogStatus.REQUESTED,
            now=self.now,
        )
        give_consents(self.log, now=self.now)
        write_message(self.log.pk, text=WRITTEN, audience="all", actor=holder, now=self.now)
        self.units = [self.own, *others]
        first = ConsentRequest.objects.get(log=self.log).pk
        self.asked = {unit: [first] for unit in self.units}
        self.oracle = Oracle(self.own, set(self.guardians), [Stay(holder, self.own, "holder", self.now)])
        self.oracle.rounds = {unit: [dict.fromkeys(self.guardians, self._year())] for unit in self.units}
        self.oracle.scopes = {unit: [ConsentScope.LOG] for unit in self.units}
        self.people = [*self.guardians, holder, *self.colleagues, self.leader]
        self.people += [user for users in self.staff.values() for user in users]

    def _year(self):
        return end_of_day(add_months(local_day(self.now), settings_row().consent_months))

    def step(self) -> str:
        """One thing happens, and the oracle is told; gives what. A refusal changes nothing for either.

        The sweeper comes first, so what a step before let run out was compared without it.
        """
        windows.expire_windows(now=self.now)
        (what,) = self.chance.choices(list(STEPS), list(STEPS.values()))
        was_shared = self.oracle.is_shared(self.own, self.now)
        try:
            what(self)
        except (RuleBroken, AccessDenied):
            self.refused += 1
        else:
            self.done[what.__name__] = self.done.get(what.__name__, 0) + 1
        is_shared = self.oracle.is_shared(self.own, self.now)
        if was_shared and not is_shared:
            shell = timedelta(days=settings_row().shell_days)
            self.oracle.shell_until = end_of_day(local_day(self.now) + shell)
        elif is_shared:
            self.oracle.shell_until = None
        return what.__name__

    def holder(self):
        return Log.objects.select_related("holder__user").get(pk=self.log.pk).holder

    # What may happen ---------------------------------------------------------------------------------------------

    def _time_passes(self):
        self.now += timedelta(days=self.chance.choice((0, 0, 1, 3, 20)), hours=self.chance.randrange(24))

    def _someone_withdraws(self):
        user, unit = self.chance.choice(list(self.guardians)), self.chance.choice(self.units)
        units = None if self.chance.random() < 0.2 else [unit.pk]
        consents.withdraw(self.log.pk, guardian_id=self.guardians[user].pk, unit_ids=units, actor=user, now=self.now)
        for one in self.units if units is None else [unit]:
            self.oracle.withdraws(user, one)

    def _holder_asks_again(self):
        shut = [unit for unit in self.units if not self.oracle.is_shared(unit, self.now)]
        unit = self.chance.choice(shut or self.units)
        scope = ConsentScope.LOG if unit == self.own else self.chance.choice(list(ConsentScope))
        if self.oracle.is_shared(unit, self.now) and scope == self.oracle.scope(unit, self.now):
            return
        request = consent_questions.ask_consent(
            self.log.pk,
            unit_ids=[unit.pk],
            scopes={unit.pk: scope},
            actor=self.holder().user,
            now=self.now,
        )
        self.oracle.rounds[unit].insert(0, {})
        self.oracle.scopes[unit].insert(0, scope)
        self.asked[unit].insert(0, request.pk)

    def _someone_answers(self):
        waiting = Consent.objects.filter(log=self.log, state=ConsentState.WAITING, request__cancelled_at=None)
        row = self.chance.choice([*waiting.select_related("guardian__user", "unit"), None])
        if row is None:
            return
        user, yes = row.guardian.user, self.chance.random() < 0.95
        own_rows = waiting.filter(request=row.request_id, guardian=row.guardian)
        units = [one.unit for one in own_rows.select_related("unit")]
        consents.answer(
            row.request_id,
            guardian_id=row.guardian_id,
            choices={unit.pk: yes for unit in units},
            route=Route.DIGITAL,
            actor=user,
            now=self.now,
        )
        until = self._year()
        for unit in units:
            rounds = self.oracle.rounds[unit]
            place = self.asked[unit].index(row.request_id)
            rounds[place][user] = until if yes else NO
            if not yes:  # an older yes of hers to the same unit is gone
                for older in rounds[:place] + rounds[place + 1 :]:
                    if older.get(user, NO) != NO:
                        del older[user]

    def _someone_joins(self):
        unit = self.chance.choice(list(self.staff))
        user = self.chance.choice(self.staff[unit])
        if not user.is_active or not self.oracle.is_shared(unit, self.now):
            return
        invitation = participants.invite_unit(
            self.log.pk, unit=unit, to_membership=user.membership, actor=self.holder().user, now=self.now
        )
        try:
            participants.join(invitation.pk, membership=user.membership, actor=user, now=self.now)
        except (RuleBroken, AccessDenied):
            participants.withdraw_invitation(invitation.pk, actor=self.holder().user, now=self.now)
            raise
        self.oracle.stays.append(Stay(user, unit, "participant", self.now))

    def _someone_is_removed(self):
        rows = LogAccess.objects.filter(
            content_object=self.log, kind=AccessKind.PARTICIPANT, starts_at__lte=self.now, ends_at__gt=self.now
        )
        row = self.chance.choice([*rows.select_related("user"), None])
        if row is None:
            return
        participants.remove(row.pk, actor=self.holder().user, now=self.now)
        self._leaves(row.user, "participant")

    def _leaves(self, user, kind):
        for stay in self.oracle.stays:
            if stay.user == user and stay.kind == kind and stay.end is None:
                stay.end = self.now

    def _stafettpinne_goes_on(self):
        taker = self.chance.choice(self.colleagues)
        holder = self.holder()
        for old in Handover.objects.filter(log=self.log, state=HandoverState.OFFERED):
            handovers.withdraw_handover(old.pk, actor=holder.user, now=self.now)
        offer = handovers.offer_handover(self.log.pk, to_membership=taker.membership, actor=holder.user, now=self.now)
        handovers.accept_handover(offer.pk, actor=taker, now=self.now)
        self._leaves(holder.user, "holder")
        for user in [stay.user for stay in self.oracle.stays]:
            self._ends_early(user)
        self.oracle.stays.append(Stay(taker, self.own, "holder", self.now))

    def _ends_early(self, user):
        """A deputy stands in for the holder who appointed time with her: she goes with that holder."""
        for stay in self.oracle.stays:
            if stay.user == user and stay.kind == "deputy" and stay.end > self.now:
                stay.end = max(self.now, stay.start)

    def _deputy_stands_in(self):
        user, first = self.chance.choice(self.colleagues), local_day(self.now)
        last = first + timedelta(days=self.chance.randrange(5))
        asked = deputies.appoint_deputy(
            self.log.pk, membership=user.membership, first_day=first, last_day=last, actor=self.leader, now=self.now
        )
        deputies.accept_deputy(asked.pk, actor=user, now=self.now)
        self.oracle.stays.append(Stay(user, self.own, "deputy", self.now, end_of_day(last)))

    def _place_ends_or_goes_on(self):
        user = self.chance.choice([user for users in self.staff.values() for user in users])
        place, today = user.membership, local_day(self.now)
        place.last_day = today + timedelta(days=self.chance.choice((-1, 2, 4000, 4000)))
        place.save()
        self.oracle.last_second[user] = end_of_day(place.last_day)

    def _account_is_closed_or_opened(self):
        user = self.chance.choice([*self.guardians, *(user for users in self.staff.values() for user in users)])
        user.is_active = not user.is_active
        user.save()
        (self.oracle.inactive.discard if user.is_active else self.oracle.inactive.add)(user)

    def _guardian_is_blocked(self):
        if self.chance.random() < 0.8 or self.oracle.out:
            return
        user = self.chance.choice(list(self.guardians))
        exceptions.block_guardian(
            self.log.pk,
            self.guardians[user].pk,
            ground=BlockGround.COURT,
            decision_number="12/2026",
            last_day=local_day(self.now) + timedelta(days=3650),
            actor=self.leader,
            now=self.now,
        )
        self.oracle.out.add(user)


# How often each happens.
STEPS = {
    Walk._time_passes: 4,
    Walk._someone_withdraws: 1,
    Walk._holder_asks_again: 4,
    Walk._someone_answers: 8,
    Walk._someone_joins: 6,
    Walk._someone_is_removed: 1,
    Walk._stafettpinne_goes_on: 2,
    Walk._deputy_stands_in: 2,
    Walk._place_ends_or_goes_on: 1,
    Walk._account_is_closed_or_opened: 2,
    Walk._guardian_is_blocked: 1,
}


def _disagreements(walk) -> list[str]:
    """By the queryset that is the definition, and by each of the compiled statements that pages ask with."""
    wrong = []
    for user in walk.people:
        sees = {
            "visible_logs": access.visible_logs(user, walk.now).filter(pk=walk.log.pk).exists(),
            "visible_log": access.visible_log(user, walk.log.pk, walk.now) is not None,
            "rows_in": access.rows_in(user, walk.log, walk.now) != [],
            "rows_for": access.rows_for(user, [walk.log.pk], walk.now) != {},
            "everyone_in": access.rows_of(user, access.everyone_in(walk.log.pk, walk.now)) != [],
            "logs_for_list": any(logs_for_list(user, Wanted(which), now=walk.now).cards for which in FILTERS),
        }
        if set(sees.values()) != {walk.oracle.sees(user, walk.now)}:
            wrong.append(f"{user.name} ({walk.now:%Y-%m-%d %H:%M}): portal {sees}")
        rows = access.rows_in(user, walk.log, walk.now)
        if rows and not user.is_citizen and reach_of(rows).scope != _scope_of(walk, user):
            wrong.append(f"{user.name} ({walk.now:%Y-%m-%d %H:%M}): reads {reach_of(rows).scope}")
    return wrong


def _scope_of(walk, user):
    """Who holds the log, or works in its unit, reads all of it; the others as the family has said last."""
    unit = _unit_of(walk, user)
    return ConsentScope.LOG if unit == walk.own else walk.oracle.scope(unit, walk.now)


def _page_disagrees(walk) -> list[str]:
    """The same, asked by opening a page: what was written to all is there exactly when all of the log is shared."""
    user = walk.chance.choice([user for user in walk.people if user != walk.leader])
    if not user.is_active:
        return []
    name = "family_messages" if user.is_citizen else "messages"
    client = Client()
    with time_machine.travel(walk.now, tick=False):
        client.force_login(user, backend="apps.accounts.adapters.PortalBackend")
        response = client.get(reverse(f"stafettlogg:{name}", args=[walk.log.pk]))
    shared = user.is_citizen or walk.oracle.is_shared(_unit_of(walk, user), walk.now)
    reads_all = user.is_citizen or _scope_of(walk, user) == ConsentScope.LOG
    expected = walk.oracle.sees(user, walk.now) and shared and reads_all
    shows = response.status_code == 200 and WRITTEN in response.text
    return [] if shows == expected else [f"{user.name}: page {response.status_code}, expected {expected}"]


def _unit_of(walk, user):
    return next((unit for unit, users in walk.staff.items() if user in users), walk.own)


def _walk(seed: int, steps: int, capsys, *, pages_every: int) -> None:
    walk = Walk(seed)
    shown = hidden = 0
    for number in range(steps):
        what = walk.step()
        wrong = _disagreements(walk)
        if number % pages_every == 0:
            wrong += _page_disagrees(walk)
        assert wrong == [], f"step {number}, after {what}"
        seen = sum(walk.oracle.sees(user, walk.now) for user in walk.people)
        shown, hidden = shown + seen, hidden + len(walk.people) - seen
        if walk.now.year > START.year + 8:  # the child must stay a child
            break
    with capsys.disabled():
        counted = ", ".join(f"{name.strip('_')} {count}" for name, count in sorted(walk.done.items()))
        print(f"\nwho sees the log: walk {seed}, {number + 1} steps, {shown} seen, {hidden} not, 0 disagreements")
        print(f"  {counted}; refused {walk.refused}")
    # Both were asked for often enough to say something, also in a walk where a guardian soon withdraws.
    assert shown > steps / 4
    assert hidden > steps / 4


@pytest.mark.django_db
def test_portal_and_plain_rule_agree_on_who_sees_the_log(capsys):
    _walk(1, 120, capsys, pages_every=6)


@pytest.mark.drill
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2, 42))
def test_portal_and_plain_rule_agree_for_10_000_steps(seed, capsys):
    _walk(seed, 250, capsys, pages_every=5)
