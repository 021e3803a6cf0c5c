"""S3: what ends a thread about a guardian herself, for whom, and what comes back."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from apps.core.dates import OSLO
from apps.core.errors import AccessDenied, RuleBroken
from apps.notifications.models import Notice
from apps.stafettlogg.enums import (
    About,
    BlockGround,
    ConsentState,
    LinkCutReason,
    LogStatus,
    WordFrom,
)
from apps.stafettlogg.models import Consent, ConsentWindow
from apps.stafettlogg.services import (
    closing,
    consent_questions,
    consents,
    exceptions,
    family_closing,
    hidden_places,
    links,
)
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_absence, make_employee
from tests.own_threads import DAY, NOW, WORDS, Family, window_is_open
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import main_of, page_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        load_start_texts(now=NOW - DAY)
        yield clock


# It closes ------------------------------------------------------------------------------------------------------------


def _she_withdraws(family, _clock):
    family.withdraw()


def _she_says_no_when_asked_again(family, _clock):
    family.ask(family_asked=True)
    family.answer(False)


def _it_runs_out(family, clock):
    row = Consent.objects.get(guardian=family.mari, about=About.OWN)
    clock.move_to(row.expires_at)


def _she_says_that_she_has_not_given_it(family, _clock):
    family.ask(family_asked=True)
    given = family.answer(True, route="oral", witness_note="På telefon")
    consents.dispute(given.pk, actor=family.mari.user, now=NOW)


def _the_log_is_closed(family, _clock):
    for guardian in (family.mari, family.ola):
        consents.withdraw(family.log.pk, guardian_id=guardian.pk, unit_ids=None, actor=guardian.user, now=NOW)
    closing.close_log(family.log.pk, reason="other_plan", actor=family.holder, now=NOW)


@pytest.mark.parametrize(
    "act",
    [
        _she_withdraws,
        _she_says_no_when_asked_again,
        _it_runs_out,
        _she_says_that_she_has_not_given_it,
        _the_log_is_closed,
    ],
    ids=lambda act: act.__name__,
)
def test_s03_the_service_loses_it_in_the_next_request_and_she_and_the_holder_keep_reading(act, clock):
    family = Family().opened()
    family.write(family.mari.user)
    url = page_of("own_thread", family.thread.pk)
    assert signed_in(family.nina).get(url).status_code == 200

    act(family, clock)

    assert signed_in(family.nina).get(url).status_code == 404
    assert "Mari Vik" not in signed_in(family.nina).get(page_of("own_threads")).content.decode()
    assert WORDS in main_of(signed_in(family.mari.user).get(page_of("family_thread", family.thread.pk)))
    if act is not _it_runs_out:  # then the log's own consent ran out too, and holder has the shell
        assert WORDS in main_of(signed_in(family.holder).get(url))
    with pytest.raises(RuleBroken) as broken:
        family.write(family.mari.user, now=timezone.now())
    assert broken.value.code == "thread_closed"
    with pytest.raises(AccessDenied):
        family.write(family.nina, now=timezone.now())


def test_s03_taking_back_about_the_child_leaves_the_thread_open_and_the_other_way_round():
    family = Family().opened()
    consent_questions.ask_consent(family.log.pk, unit_ids=[family.nav.pk], actor=family.holder, now=NOW)
    logs.give_consents(family.log, now=NOW)

    consents.withdraw(
        family.log.pk, guardian_id=family.mari.pk, unit_ids=[family.nav.pk], actor=family.mari.user, now=NOW
    )

    assert (window_is_open(family), family.reads(family.nina)) == (False, True)
    family.withdraw()
    root = ConsentWindow.objects.get(log=family.log, unit=family.root)
    assert (family.reads(family.nina), root.is_open(NOW)) == (False, True)


def test_s11_the_thread_stands_while_the_log_is_a_shell():
    family = Family().opened()

    consents.withdraw(family.log.pk, guardian_id=family.ola.pk, unit_ids=None, actor=family.ola.user, now=NOW)

    assert (family.reads(family.nina), family.reads(family.holder), family.reads(family.mari.user)) == (True,) * 3


def test_s05_nothing_is_written_before_the_log_is_opened():
    family = Family(status=LogStatus.REQUESTED)
    family.ask()
    family.answer(True)
    assert not family.reads(family.nina)
    with pytest.raises(RuleBroken):
        family.write(family.mari.user)

    logs.give_consents(family.log, now=NOW)

    assert family.reads(family.nina)
    assert Notice.objects.filter(recipient=family.nina, kind="own_thread_opened").count() == 1


def test_s12_written_limits_keep_the_thread_shut_until_the_holder_has_read_them():
    family = Family()
    family.ask()
    given = family.answer(True, limits="Ikke noe om helsa mi")
    assert not family.reads(family.nina)
    page = main_of(signed_in(family.holder).get(page_of("consents", family.log.pk)))
    assert "Ikke noe om helsa mi" in page

    consents.follow_limits(given.pk, actor=family.holder, now=NOW)

    assert family.reads(family.nina)


def test_s04_a_block_closes_it_and_nothing_comes_back_by_itself():
    family = Family().opened()
    family.write(family.mari.user)
    exceptions.block_guardian(
        family.log.pk,
        family.mari.pk,
        ground=BlockGround.RESTRAINING_ORDER,
        decision_number="2026/3",
        last_day=NOW.date() + 5 * DAY,
        actor=family.leader,
        now=NOW,
    )
    client = signed_in(family.mari.user)
    assert client.get(page_of("family_thread", family.thread.pk)).status_code == 404
    assert (family.reads(family.nina), family.reads(family.holder)) == (False, True)

    exceptions.unblock_guardian(family.log.pk, family.mari.pk, actor=family.leader, now=NOW)

    assert not family.reads(family.nina)


def test_s29_a_cut_link_ends_her_yes_and_the_question_stands_open_for_the_right_one():
    family = Family().opened()

    links.cut_link(family.log.pk, family.mari.pk, reason=LinkCutReason.WRONG_PERSON, actor=family.holder, now=NOW + DAY)

    assert (family.reads(family.nina), family.reads(family.mari.user)) == (False, False)
    states = Consent.objects.filter(guardian=family.mari, about=About.OWN).order_by("request__number")
    assert [row.state for row in states] == [ConsentState.REPLACED, ConsentState.WAITING]


def test_s34_one_from_whom_the_place_is_hidden_meets_nothing_new_in_his_thread():
    family = Family().opened()
    family.write(family.nina, "Gammelt")
    assert "Gammelt" in main_of(signed_in(family.mari.user).get(page_of("family_thread", family.thread.pk)))
    hidden_places.hide_place(
        family.log.pk, family.mari.pk, word_from=WordFrom.CRISIS_CENTRE, actor=family.holder, now=NOW + DAY
    )
    before = list(Notice.objects.values_list("pk", flat=True))

    family.write(family.nina, "Nytt om hvor barnet er", now=NOW + DAY)
    family.ask(family.mari, now=NOW + DAY, family_asked=True)

    client = signed_in(family.mari.user)
    words = main_of(client.get(page_of("family_thread", family.thread.pk)))
    assert ("Gammelt" in words, "Nytt om hvor barnet er" in words) == (True, False)
    assert "Svar på et spørsmål om deg selv" not in main_of(client.get(page_of("children")))
    assert not Notice.objects.filter(recipient=family.mari.user).exclude(pk__in=before).exists()


def test_s10_a_yes_about_herself_ends_the_day_the_child_is_grown_up(clock):
    born = datetime.date(2008, 12, 1)
    family = Family(born=born)
    child = family.log.child
    family.ask()
    given = family.answer(True)
    row = Consent.objects.get(answer=given)

    assert row.expires_at == datetime.datetime(2026, 12, 1, tzinfo=OSLO)
    words = main_of(signed_in(family.mari.user).get(page_of("consent_receipt", family.log.pk, given.pk)))
    assert "november" in words
    clock.move_to(row.expires_at)
    assert not family.reads(family.nina)
    assert child.birth_date == born


def test_s30_closing_takes_back_what_she_has_said_of_herself_and_undoing_asks_again():
    family = Family().opened()

    family_closing.ask_to_close(family.log.pk, actor=family.mari.user, now=NOW)
    assert not family.reads(family.nina)
    family_closing.undo_closing(family.log.pk, actor=family.mari.user, now=NOW)

    assert not family.reads(family.nina)
    assert Consent.objects.filter(guardian=family.mari, about=About.OWN, state=ConsentState.WAITING).count() == 1


def test_s20_a_deputy_reads_it_only_while_deputising(clock):
    family = Family().opened()
    deputy = make_employee(family.root)
    make_absence(family.holder, first_day=NOW.date(), last_day=(NOW + 3 * DAY).date())
    from apps.stafettlogg.enums import AccessKind
    from apps.stafettlogg.services.access import staff_row

    staff_row(
        log=family.log,
        membership=deputy.membership,
        window=family.log.holder.window,
        kind=AccessKind.DEPUTY,
        actor=family.leader,
        now=NOW + DAY,
        ends_at=NOW + 2 * DAY,
    )

    reads = []
    for at in (NOW, NOW + DAY, NOW + 2 * DAY):
        clock.move_to(at)
        reads.append(family.reads(deputy))

    assert reads == [False, True, False]
