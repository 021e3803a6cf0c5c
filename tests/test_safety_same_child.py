"""safety.md for a child who has two logs: a block is about the person (S4), and who knows of the other one (S6)."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.core.dates import end_of_day
from apps.notifications.models import Notice
from apps.stafettlogg.enums import BlockGround, CheckedHow, LogStatus, Responsibility, Route
from apps.stafettlogg.models import Child, ConsentRequest, Guardian, RepeatRequest
from apps.stafettlogg.selectors import same_child
from apps.stafettlogg.services import blocks, consents, exceptions, guardians, repeats
from tests.factories import make_leader
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
BORN = datetime.date(2019, 5, 5)


class TwoLogs:
    """One child in two units, each with its own record of her and of the same two parents."""

    def __init__(self, *, newer=LogStatus.REQUESTED):
        self.mother, self.father = logs.make_citizen("Mari Vik"), logs.make_citizen("Ola Berg")
        self.older = self._log("Tangen", LogStatus.ACTIVE)
        self.newer = self._log("Solbakken", newer)

    def _log(self, name, status):
        unit, child = logs.make_unit(name), logs.make_child()
        for user in (self.mother, self.father):
            logs.make_guardian(child, user=user, name=user.name)
        log = logs.make_log(child=child, holder=logs.make_employee(unit), status=status)
        log.leader = make_leader(unit)
        return log

    def block(self, log, **fields):
        today = timezone.localdate()
        given = {"ground": BlockGround.COURT, "decision_number": "17/2026", "last_day": today + 90 * DAY} | fields
        return exceptions.block_guardian(
            log.pk, record_of(log, self.father).pk, actor=log.leader, now=timezone.now(), **given
        )

    def statuses(self, user):
        return [signed_in(user).get(page_of("parent_log", log.pk)).status_code for log in (self.older, self.newer)]


def record_of(log, user) -> Guardian:
    return Guardian.objects.get(child=log.child_id, user=user)


def told(user, kind) -> int:
    return Notice.objects.filter(recipient=user, kind=kind).count()


# S4 -------------------------------------------------------------------------------------------------------------------


def test_s04_guardian_blocked_in_a_newer_request_is_blocked_in_the_older_log_in_the_next_request():
    two = TwoLogs()
    assert (two.statuses(two.father), two.statuses(two.mother)) == ([200, 200], [200, 200])

    two.block(two.newer)

    assert (two.statuses(two.father), two.statuses(two.mother)) == ([404, 404], [200, 200])
    assert Notice.objects.filter(recipient=two.father, retracted_at=None).count() == 0
    assert told(two.older.holder.user, "guardian_blocked") == 1
    older = record_of(two.older, two.father)
    assert (older.blocked_ground, older.blocked_decision_number) == (BlockGround.COURT, "17/2026")
    assert (older.blocked_last_day, older.blocked_signed_by) == (timezone.localdate() + 90 * DAY, two.newer.leader)
    two.older.holder.window.refresh_from_db()
    assert two.older.holder.window.valid_until == end_of_day(older.blocked_last_day)


def test_s04_guardian_blocked_in_the_older_log_is_blocked_in_a_newer_one():
    two = TwoLogs(newer=LogStatus.ACTIVE)

    two.block(two.older)

    assert (two.statuses(two.father), two.statuses(two.mother)) == ([404, 404], [200, 200])
    assert told(two.newer.holder.user, "guardian_blocked") == 1


def test_s04_block_reaches_a_request_unseen_by_the_one_who_asks():
    """She does not know that there is another log (S6): she sees a father who has not answered."""
    two = TwoLogs()

    two.block(two.older)

    assert two.statuses(two.father) == [404, 404]
    assert record_of(two.newer, two.father).blocked_last_day is None
    assert told(two.newer.holder.user, "guardian_blocked") == 0


def test_s04_block_reaches_a_request_made_later():
    two = TwoLogs()
    two.block(two.older)

    third = two._log("Bråten", LogStatus.REQUESTED)

    assert signed_in(two.father).get(page_of("parent_log", third.pk)).status_code == 404
    assert signed_in(two.mother).get(page_of("parent_log", third.pk)).status_code == 200
    assert Notice.objects.filter(recipient=two.father, object_id=third.pk).count() == 0


def test_s04_block_reaches_a_closed_log():
    two = TwoLogs()
    logs.close_for_family(two.older, two.mother)
    assert two.statuses(two.father) == [200, 200]

    two.block(two.newer)

    assert two.statuses(two.father) == [404, 404]


def test_s04_block_comes_along_when_a_request_becomes_a_log():
    """The request ran on paper, so he could be asked; as a log about a child with a block it is told of it."""
    two = TwoLogs()
    two.block(two.older)
    for user in (two.mother, two.father):
        guardian = record_of(two.newer, user)
        request = ConsentRequest.objects.get(log=two.newer)
        consents.answer(
            request.pk,
            guardian_id=guardian.pk,
            choices={two.newer.unit_id: True},
            route=Route.PAPER,
            actor=two.newer.holder.user,
            now=timezone.now(),
        )

    two.newer.refresh_from_db()
    assert two.newer.status == LogStatus.ACTIVE
    assert record_of(two.newer, two.father).blocked_decision_number == "17/2026"
    assert told(two.newer.holder.user, "guardian_blocked") == 1
    assert two.statuses(two.father) == [404, 404]


def test_s04_lifting_a_block_lifts_the_same_decision_wherever_it_came_to():
    two = TwoLogs(newer=LogStatus.ACTIVE)
    two.block(two.older)

    exceptions.unblock_guardian(
        two.newer.pk, record_of(two.newer, two.father).pk, actor=two.newer.leader, now=timezone.now()
    )

    assert [record_of(log, two.father).blocked_last_day for log in (two.older, two.newer)] == [None, None]
    assert told(two.older.holder.user, "guardian_unblocked") == 1
    assert two.statuses(two.father) == [404, 404]  # nothing comes back before the holder has checked (S8)
    for log in (two.older, two.newer):
        guardians.confirm_responsibility(
            log.pk,
            record_of(log, two.father).pk,
            how=CheckedHow.DECISION,
            actor=log.holder.user,
            now=timezone.now(),
        )
    assert two.statuses(two.father) == [200, 200]


def test_s04_a_longer_block_of_another_decision_stands_when_the_first_is_lifted():
    two = TwoLogs(newer=LogStatus.ACTIVE)
    two.block(two.older, decision_number="1/2026", last_day=timezone.localdate() + 300 * DAY)
    two.block(two.newer)

    exceptions.unblock_guardian(
        two.newer.pk, record_of(two.newer, two.father).pk, actor=two.newer.leader, now=timezone.now()
    )

    assert record_of(two.older, two.father).blocked_decision_number == "1/2026"
    assert two.statuses(two.father) == [404, 404]


def test_s04_copying_blocks_twice_changes_nothing():
    two = TwoLogs(newer=LogStatus.ACTIVE)
    two.block(two.older)

    blocks.copy_blocks(two.newer, now=timezone.now())

    assert told(two.newer.holder.user, "guardian_blocked") == 1


@pytest.mark.parametrize("missing", ["ground", "decision_number", "last_day"])
def test_s04_block_is_not_made_without_each_of_its_parts(missing):
    two = TwoLogs()
    guardian = record_of(two.older, two.father)
    day = timezone.localdate() + 90 * DAY
    answers = {"ground": "court", "decision_number": "17/2026", "last_day": day.strftime("%d.%m.%Y")}
    page = page_of("block_guardian", two.older.pk, guardian.pk)

    response = signed_in(two.older.leader).post(page, answers | {missing: ""})

    assert list(response.context["form"].errors) == [missing]
    guardian.refresh_from_db()
    assert guardian.blocked_last_day is None
    assert signed_in(two.older.leader).post(page, answers).status_code == 302


def test_s04_block_is_signed_by_the_leader_and_nobody_else():
    two = TwoLogs()
    guardian = record_of(two.older, two.father)
    day = timezone.localdate() + 90 * DAY
    answers = {"ground": "court", "decision_number": "17/2026", "last_day": day.strftime("%d.%m.%Y")}
    page = page_of("block_guardian", two.older.pk, guardian.pk)

    for other in (two.older.holder.user, two.newer.leader, two.mother, logs.make_employee(two.older.unit)):
        assert signed_in(other).post(page, answers).status_code == 404
    guardian.blocked_ground, guardian.blocked_decision_number, guardian.blocked_last_day = "court", "17/2026", day
    with pytest.raises(IntegrityError), transaction.atomic():
        guardian.save()


# S6 -------------------------------------------------------------------------------------------------------------------


def sweep_two_logs():
    repeats.tell_of_repeats(now=timezone.now())
    return repeats.tell_of_two_logs(now=timezone.now())


def children_page(user) -> str:
    return signed_in(user).get(page_of("children")).content.decode()


def test_s06_nobody_is_told_of_two_logs_before_everyone_has_said_yes():
    two = TwoLogs()
    logs.give_consents(two.newer, only=[record_of(two.newer, two.mother)])

    assert sweep_two_logs() == 0
    for user in (two.mother, two.father):
        assert "flere stafettlogger" not in children_page(user)
    for user in (two.older.holder.user, two.newer.holder.user, two.mother, two.father):
        assert told(user, "two_logs") + told(user, "two_logs_family") == 0


def test_s06_family_alone_is_told_once_when_the_second_request_has_become_a_log():
    two = TwoLogs()
    logs.give_consents(two.newer)

    for _minute in range(2):
        assert sweep_two_logs() == 1

    assert [told(user, "two_logs_family") for user in (two.mother, two.father)] == [1, 1]
    assert [told(log.holder.user, "two_logs") for log in (two.older, two.newer)] == [0, 0]


def test_s06_holders_learn_of_the_other_log_when_the_family_says_so():
    two = TwoLogs(newer=LogStatus.ACTIVE)
    sweep_two_logs()
    page = page_of("tell_of_both", two.older.pk)

    statuses = [signed_in(two.mother).post(page).status_code for _press in range(2)]

    assert statuses == [302, 302]
    assert [told(log.holder.user, "two_logs") for log in (two.older, two.newer)] == [1, 1]
    assert [told(log.leader, "two_logs") for log in (two.older, two.newer)] == [0, 0]
    assert RepeatRequest.objects.filter(handled_at=None).count() == 0


def test_s06_nobody_but_a_family_that_reads_both_can_say_so():
    two = TwoLogs(newer=LogStatus.ACTIVE)
    page = page_of("tell_of_both", two.older.pk)
    assert signed_in(two.older.holder.user).post(page).status_code == 404
    logs.make_guardian(two.newer.child, name="Kari Moe", responsibility=Responsibility.UNCHECKED)

    assert signed_in(two.mother).post(page).status_code == 302

    assert [told(log.holder.user, "two_logs") for log in (two.older, two.newer)] == [0, 0]


def test_s06_parent_sees_that_there_are_two_and_ends_the_one_she_chooses():
    two = TwoLogs(newer=LogStatus.ACTIVE)
    page = children_page(two.mother)
    ways = [page_of("family_close", log.pk) for log in (two.older, two.newer)]
    assert ("Emma har flere stafettlogger" in page, [way in page for way in ways]) == (True, [True, True])

    client = signed_in(two.mother)
    assert client.get(ways[1]).status_code == 200
    logs.close_for_family(two.newer, two.mother)

    assert "flere stafettlogger" not in children_page(two.mother)
    assert two.statuses(two.mother) == [200, 200]


def test_s06_two_logs_stay_a_secret_while_a_guardian_may_read_only_one():
    two = TwoLogs(newer=LogStatus.ACTIVE)
    two.block(two.older)

    assert sweep_two_logs() == 0
    assert "flere stafettlogger" not in children_page(two.father)
    assert [told(log.holder.user, "two_logs") for log in (two.older, two.newer)] == [0, 0]


def test_s06_guardian_written_down_in_one_log_alone_keeps_it_a_secret():
    two = TwoLogs(newer=LogStatus.ACTIVE)
    logs.make_guardian(two.newer.child, name="Kari Moe", responsibility=Responsibility.UNCHECKED)

    assert sweep_two_logs() == 0
    assert told(two.newer.holder.user, "two_logs") == 0


def test_s06_two_logs_of_two_children_are_nothing_to_tell_of():
    two = TwoLogs(newer=LogStatus.ACTIVE)
    two.newer.child.given_name, two.newer.child.folded_name = "Siri", "siri vik"
    two.newer.child.save()

    assert sweep_two_logs() == 0
    assert "flere stafettlogger" not in children_page(two.mother)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anne-Lise O'Brien", "Anne-Lise O\u2019Brien"),
        ("Anne-Lise O'Brien", "Anne\u2011Lise O'Brien"),
        ("Anne-Lise O'Brien", "Anne\u2013Lise O'Brien"),
        ("Anne-Lise O'Brien", "Anne Lise O'Brien"),
        ("Anne-Lise O'Brien", "Anne-Lise O'Brien\u200b"),
        ("Łukasz Đặng", "Lukasz Dang"),
    ],
)
def test_s04_s17_child_written_in_another_way_is_the_same_child(one, other):
    """A block and an address protection follow the child, however the second unit writes the name."""
    older, newer = Child(birth_date=BORN), Child(birth_date=BORN)
    for child, name in ((older, one), (newer, other)):
        given_name, _, family_name = name.rpartition(" ")
        guardians.name_child(child, given_name, family_name, None)
        child.save()

    assert same_child.records_of(newer) == {older.pk, newer.pk}
    assert same_child.is_same_born_child(older, newer)


@pytest.mark.parametrize(
    ("one", "other"), [("Per O'Brien", "Per O\u2019Brien"), ("Łukasz", "Lukasz"), ("Anne-Lise", "Anne Lise")]
)
def test_s04_guardian_written_in_another_way_is_the_same_human(one, other):
    assert same_child.is_same_human(Guardian(name=one), Guardian(name=other))


# F3: only alike -------------------------------------------------------------------------------------------------------


def two_alike(given, other, *, same_guardian=True, born=BORN):
    """An older log about «given Berg» and a request from another unit about «other Berg»."""
    mother = logs.make_citizen("Mari Berg")
    made = []
    for number, (name, day) in enumerate(((given, BORN), (other, born))):
        child = logs.make_child(name, "Berg", birth_date=day)
        known = mother if same_guardian or number == 0 else logs.make_citizen("Kari Dal")
        logs.make_guardian(child, user=known, name=known.name)
        status = LogStatus.REQUESTED if number else LogStatus.ACTIVE
        made.append(logs.make_log(child=child, holder=logs.make_employee(logs.make_unit()), status=status))
    return made


@pytest.mark.parametrize("names", [("Anne-Lise", "Anne Lise Marie"), ("Anne Lise Marie", "Anne Lise")])
def test_s06_one_more_given_name_is_a_task_for_the_older_holder_alone(names):
    older, newer = two_alike(*names)

    assert [repeats.tell_of_alike(now=timezone.now()) for _time in range(2)] == [1, 0]

    repeat = RepeatRequest.objects.get()
    assert (repeat.log, repeat.made, repeat.is_alike) == (older, newer, True)
    assert (told(older.holder.user, "repeat_request"), told(newer.holder.user, "repeat_request")) == (1, 0)
    page = signed_in(older.holder.user).get(page_of("consents", older.pk)).content.decode()
    assert "Navnet de skrev, er nesten det samme." in page
    assert same_child.records_of(newer.child) == {newer.child_id}


@pytest.mark.parametrize(
    "unlike",
    [
        {"given": "Anne", "other": "Emma"},
        {"given": "Anne Lise", "other": "Anne Marie"},
        {"given": "Anne", "other": "Anne Lise", "same_guardian": False},
        {"given": "Anne", "other": "Anne Lise", "born": BORN + DAY},
    ],
)
def test_s06_what_is_not_alike_enough_is_nobodys_task(unlike):
    two_alike(**unlike)

    assert (repeats.tell_of_alike(now=timezone.now()), RepeatRequest.objects.count()) == (0, 0)


def test_s26_a_log_of_the_youths_own_is_alike_nobodys():
    _older, newer = two_alike("Anne Lise", "Anne Lise Marie")
    newer.child.answers_alone = True
    newer.child.save(update_fields=["answers_alone"])

    assert repeats.tell_of_alike(now=timezone.now()) == 0
