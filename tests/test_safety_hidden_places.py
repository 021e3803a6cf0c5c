"""S34: someone flees. «Skjul sted nå» through the pages people use, and the portal of the one it is hidden from."""

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from apps.core.dates import format_long
from apps.municipality.enums import UnitKind
from apps.notifications.enums import DeliveryState
from apps.notifications.models import Delivery, Notice
from apps.notifications.services import remind, set_email_preference, sweep_outbox
from apps.stafettlogg.enums import Audience
from apps.stafettlogg.models import Consent, HiddenPlace, Log
from apps.stafettlogg.selectors.letters import letter_to
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_unit
from tests.fleeing import (
    DAY,
    NOW,
    SECOND,
    SECRET,
    Family,
    a_deputy,
    a_guardian,
    a_holder,
    a_participant,
    a_question,
    a_request_elsewhere,
    an_evaluation,
    an_opening,
    answer_to_him,
    changed_text,
    message_to_all,
    new_text,
    the_childs_words,
)
from tests.stafettlogg.factories import (
    make_child,
    make_guardian,
    make_log,
    make_participant,
)
from tests.stafettlogg.family_pages import page_of, plain, signed_in
from tests.stafettlogg.test_family_s1 import everything

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        load_start_texts(now=NOW)
        yield clock


WHAT_HAPPENS = {
    "texts": (an_evaluation, new_text, changed_text, message_to_all, answer_to_him, the_childs_words),
    "people": (a_participant, a_deputy, a_holder),
    "questions and openings": (a_question, an_opening, a_request_elsewhere),
}


@pytest.mark.parametrize("acts", WHAT_HAPPENS.values(), ids=WHAT_HAPPENS)
def test_s34_his_portal_is_what_it_is_where_nothing_happens(acts, clock):
    case = Family(clock)
    before = case.reads()

    case.hide()
    clock.shift(SECOND)
    for act in acts:
        act(case, timezone.now())
    remind(now=timezone.now())
    sweep_outbox(now=timezone.now())

    after = everything(case.father.user, case.log)
    # Where the newest question is answered is another address now; it is asked for below.
    newest = {name for name in before if name == "answer" or name.startswith("step ")}
    assert {name for name, page in after.items() if page != before[name]} - newest == set()
    assert SECRET not in str(after)


def test_s34_a_new_guardian_is_not_named_to_him(clock):
    """That the sharing has stopped until she has answered is said, as to anyone (S28)."""
    case = Family(clock)
    case.hide()
    clock.shift(SECOND)

    a_guardian(case, timezone.now())

    after = everything(case.father.user, case.log)
    assert "Ny Verge" not in str(after)
    assert "Vi har ikke lenger alle svarene vi trenger." in after["parent_log"][2]


def test_s34_all_others_read_what_is_new(clock):
    case = Family(clock)
    case.hide()

    message_to_all(case, timezone.now())

    assert SECRET in plain(signed_in(case.mother.user).get(page_of("family_messages", case.log.pk)))


def test_s34_what_he_had_not_read_is_hidden_too_and_what_waits_to_be_sent_is_stopped(clock):
    """Nobody knows what he would have opened tomorrow."""
    case = Family(clock)
    before = case.reads()
    clock.shift(SECOND)
    message_to_all(case, timezone.now())
    a_participant(case, timezone.now())

    case.hide()
    sweep_outbox(now=timezone.now())

    his = Notice.objects.filter(recipient=case.father.user, kind="message_family", created_at__gt=NOW)
    assert [notice.retracted_at for notice in his] == [timezone.now()]
    assert not Delivery.objects.filter(recipient=case.father.user, state=DeliveryState.PENDING).exists()
    after = everything(case.father.user, case.log)
    assert {**after, "notices": (), "mail": ()} == {**before, "notices": (), "mail": ()}


def test_s34_no_letter_is_posted_to_him(clock):
    case = Family(clock)
    set_email_preference(actor=case.father.user, choice="letter")
    message_to_all(case, timezone.now())
    assert letter_to(case.log, case.father.user_id, timezone.now()) is not None

    case.hide()

    assert letter_to(case.log, case.father.user_id, timezone.now()) is None


def test_s34_the_day_of_the_next_meeting_goes_and_the_page_is_that_of_a_log_without_one(clock):
    case = Family(clock)
    without = case.reads()
    case.meet_on((NOW + 20 * DAY).date())
    assert format_long((NOW + 20 * DAY).date()) in case.reads()["parent_log"][2]

    case.hide()

    after = everything(case.father.user, case.log)
    assert after == without
    assert "Neste møte: vi gir deg beskjed" in after["children"][2]


def test_s34_what_he_does_himself_he_sees(clock):
    case = Family(clock)
    case.reads()
    case.hide()
    clock.shift(SECOND)

    write_message(case.log.pk, text="Hvor er Emma?", actor=case.father.user, now=timezone.now())

    assert "Hvor er Emma?" in everything(case.father.user, case.log)["family_messages"][2]


def test_s34_he_is_not_asked_about_what_is_new_and_his_word_is_still_needed(clock):
    case = Family(clock)
    case.reads()
    case.hide()
    clock.shift(SECOND)
    a_question(case, timezone.now())
    row = Consent.objects.get(guardian=case.father, unit__name=SECRET)

    address = page_of("answer", case.log.pk, row.request_id)

    assert signed_in(case.father.user).get(address).status_code == 404
    assert signed_in(case.father.user).post(address, {"svar": "ja"}).status_code == 404
    assert Consent.objects.get(pk=row.pk).state == "waiting"


def test_s34_it_ends_when_the_one_who_is_protected_knows_and_then_he_reads_all(clock):
    case = Family(clock)
    case.reads()
    hiding = case.hide()
    clock.shift(SECOND)
    message_to_all(case, timezone.now())
    a_question(case, timezone.now())

    refused = case.end(hiding)
    still = everything(case.father.user, case.log)
    ended = case.end(hiding, is_told="on")

    assert refused.status_code == 422
    assert SECRET not in str(still)
    assert ended.status_code == 302
    assert SECRET in everything(case.father.user, case.log)["family_messages"][2]
    assert Consent.objects.filter(guardian=case.father, unit__name=SECRET, state="waiting").exists()
    assert "Svar på" in everything(case.father.user, case.log)["children"][2]


def test_s34_it_lasts_14_days_is_prolonged_once_and_shows_nothing_by_itself(clock):
    case = Family(clock)
    case.reads()
    hiding = case.hide()
    clock.shift(SECOND)
    message_to_all(case, timezone.now())
    prolong = page_of("prolong_hiding", case.log.pk, hiding.pk)

    assert hiding.last_day == (NOW + 14 * DAY).date()
    signed_in(case.ane).post(prolong)
    signed_in(case.ane).post(prolong)
    hiding.refresh_from_db()
    assert hiding.last_day == (NOW + 28 * DAY).date()
    clock.move_to(NOW + 40 * DAY)
    assert SECRET not in str(everything(case.father.user, case.log))


def test_s34_those_who_hold_it_are_reminded_in_time_and_the_leader_when_the_days_are_over(clock):
    case = Family(clock)
    case.hide()

    clock.move_to(NOW + 11 * DAY)
    remind(now=timezone.now())
    assert Notice.objects.filter(recipient=case.ane, kind="place_hidden").count() == 1
    assert "Avgjør hva som skal skje for Emma" in plain(signed_in(case.ane).get("/arbeidet-ditt/"))
    clock.move_to(NOW + 15 * DAY)
    remind(now=timezone.now())

    assert Notice.objects.filter(recipient=case.lars, kind="place_hidden_late").count() == 1


def test_s34_the_leader_is_told_and_confirms(clock):
    case = Family(clock)
    hiding = case.hide()

    assert Notice.objects.get(recipient=case.lars, kind="place_hidden_leader").object_id == case.log.pk
    assert "Venter på at lederen bekrefter." in plain(signed_in(case.ane).get(page_of("guardians", case.log.pk)))
    signed_in(case.lars).post(page_of("confirm_hiding", case.log.pk, hiding.pk))

    hiding.refresh_from_db()
    assert (hiding.confirmed_by, hiding.confirmed_at) == (case.lars, timezone.now())
    assert signed_in(case.ane).post(page_of("confirm_hiding", case.log.pk, hiding.pk)).status_code == 404


def test_s34_the_leader_may_press_it_without_opening_the_log_and_has_then_confirmed_it(clock):
    case = Family(clock)

    hiding = case.hide(by=case.lars, word_from="police")

    assert (hiding.hidden_by, hiding.confirmed_by, hiding.word_from) == (case.lars, case.lars, "police")
    assert Notice.objects.filter(recipient=case.ane, kind="place_hidden_holder").exists()


def test_s34_nobody_else_presses_it_and_it_takes_somebodys_word(clock):
    case = Family(clock)
    page = page_of("hide_place", case.log.pk, case.father.pk)
    participant = make_participant(case.log, make_unit("PP-tjenesten", kind=UnitKind.PPT), now=NOW)

    for user, status in ((participant, 403), (case.mother.user, 404), (case.father.user, 404)):
        assert signed_in(user).post(page, {"word_from": "police"}).status_code == status
    assert signed_in(case.ane).post(page, {}).status_code == 422
    assert not HiddenPlace.objects.exists()


def test_s34_no_page_that_may_be_projected_shows_it_and_no_notice_says_it(clock):
    case = Family(clock)
    before = plain(signed_in(case.ane).get(page_of("detail", case.log.pk)))

    case.hide()

    page = plain(signed_in(case.ane).get(page_of("detail", case.log.pk)))
    assert "skjul" not in page.lower()
    assert page.count("Arne") == before.count("Arne")
    assert not any("skjul" in message.subject.lower() + message.body.lower() for message in mail.outbox)


def test_s34_a_second_log_of_the_child_hides_it_too(clock):
    """Two logs that he reads: what is new in the other is as hidden, and its holder knows of it."""
    case = Family(clock)
    other = make_child()
    his = make_guardian(other, user=case.father.user, name=case.father.name)
    make_guardian(other, user=case.mother.user, name=case.mother.name)
    second = make_log(child=other, guardians=[his], now=NOW)
    case.reads()
    case.hide()
    clock.shift(SECOND)

    write_message(second.pk, text=SECRET, actor=case.mother.user, audience=Audience.ALL, now=timezone.now())

    assert SECRET not in str(everything(case.father.user, second))
    assert Notice.objects.filter(recipient=second.holder.user, kind="place_hidden_holder").exists()
    page = plain(signed_in(second.holder.user).get(page_of("guardians", second.pk)))
    assert "Sted er skjult" in page
    assert "Vis alt for Arne igjen" not in page


def test_s34_whoever_asks_for_another_log_reads_nothing_of_it(clock):
    case = Family(clock)
    case.hide()
    clock.shift(SECOND)
    a_request_elsewhere(case, timezone.now())
    asked = Log.objects.exclude(pk=case.log.pk).get()

    page = plain(signed_in(asked.holder.user).get(page_of("guardians", asked.pk)))

    assert "Sted er skjult" not in page
    assert "Skjul sted for Arne" in page
