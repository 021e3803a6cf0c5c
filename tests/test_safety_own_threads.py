"""S3: two consents, two effects. What a guardian says of herself opens a thread and changes nothing else."""

import io

import pytest
import time_machine
from django.core import mail
from pypdf import PdfReader

from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.notifications.services import remind, sweep_outbox
from apps.stafettlogg.enums import (
    About,
    ConsentState,
    ThreadSide,
)
from apps.stafettlogg.models import Consent, ConsentWindow, LogEvent, OwnMessage, OwnThread
from apps.stafettlogg.services import (
    consent_questions,
    consents,
    own_questions,
)
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_employee, make_leader, make_unit
from tests.own_threads import DAY, NOW, STATES, WORDS, Family, asked, window_is_open
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import main_of, page_of, signed_in
from tests.stafettlogg.test_family_s1 import everything
from tests.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        load_start_texts(now=NOW - DAY)
        yield clock


# Two consents, two effects --------------------------------------------------------------------------------------------


def _others_world(family) -> dict:
    """All that Ola gets, and what he is sent, to the byte."""
    remind(now=NOW)
    sweep_outbox(now=NOW)
    client = signed_in(family.ola.user)
    found = everything(family.ola.user, family.log)
    found["notices page"] = main_of(client.get("/varsler/"))
    found["mails"] = [message.body for message in mail.outbox if family.ola.user.email in message.to]
    return found


def _nav_is_not_in_the_log(_family):
    pass


def _nav_is_in_the_log(family):
    consent_questions.ask_consent(family.log.pk, unit_ids=[family.nav.pk], actor=family.holder, now=NOW)
    logs.give_consents(family.log, now=NOW)


def _both_are_asked_about_nav(family):
    consent_questions.ask_consent(family.log.pk, unit_ids=[family.nav.pk], actor=family.holder, now=NOW)


@pytest.mark.parametrize("says", ["no", "yes, with words between the three, and takes it back"])
@pytest.mark.parametrize(
    "begin",
    [_nav_is_not_in_the_log, _nav_is_in_the_log, _both_are_asked_about_nav],
    ids=lambda begin: begin.__name__,
)
def test_s03_the_other_guardians_whole_portal_is_the_same_whatever_she_says_of_herself(begin, says):
    """Pages, PDF, receipts, notices and mail: as when she was not asked."""
    family = Family()
    begin(family)
    _others_world(family)
    not_asked = _others_world(family)

    worlds = {}
    for act in (asked, _says_no) if says == "no" else (_yes_with_words, _takes_back):
        act(family)
        worlds[act.__name__] = _others_world(family)

    differ = {name: [key for key in world if world[key] != not_asked[key]] for name, world in worlds.items()}
    assert differ == dict.fromkeys(worlds, [])
    assert all(world.keys() == not_asked.keys() for world in worlds.values())


def _says_no(family):
    family.answer(False)


def _yes_with_words(family):
    family.ask()
    family.answer(True)
    family.write(family.mari.user)
    family.write(family.nina)


def _takes_back(family):
    family.withdraw()


@pytest.mark.parametrize("act", STATES, ids=lambda act: act.__name__)
def test_s03_the_window_opens_on_the_yeses_about_the_child_alone(act):
    family = Family()
    consent_questions.ask_consent(family.log.pk, unit_ids=[family.nav.pk], actor=family.holder, now=NOW)
    act(family)
    open_before = window_is_open(family)

    for guardian in (family.mari, family.ola):
        rows = Consent.objects.filter(guardian=guardian, about=About.CHILD, state="waiting")
        consents.answer(
            rows.get().request_id,
            guardian_id=guardian.pk,
            choices={family.nav.pk: True},
            route="digital",
            actor=guardian.user,
            now=NOW,
        )

    assert (open_before, window_is_open(family)) == (False, True)


@pytest.mark.parametrize("act", STATES, ids=lambda act: act.__name__)
def test_s03_her_answer_writes_no_line_and_opens_no_window(act):
    family = Family()
    before = (LogEvent.objects.count(), list(ConsentWindow.objects.values_list("unit", "valid_until")))

    act(family)

    assert (LogEvent.objects.count(), list(ConsentWindow.objects.values_list("unit", "valid_until"))) == before


def test_s03_a_no_about_the_child_and_a_yes_about_herself_are_both_kept():
    family = Family()
    consent_questions.ask_consent(
        family.log.pk,
        unit_ids=[family.nav.pk],
        own_guardian_ids={family.nav.pk: [family.mari.pk]},
        actor=family.holder,
        now=NOW,
    )
    logs.give_consents(family.log, yes=False, only=[family.ola], now=NOW)

    logs.give_consents(family.log, only=[family.mari], now=NOW)

    states = {row.about: row.state for row in Consent.objects.filter(guardian=family.mari, unit=family.nav)}
    assert states == {About.CHILD: ConsentState.GIVEN, About.OWN: ConsentState.GIVEN}
    assert (window_is_open(family), family.reads(family.nina)) == (False, True)


# Who reads it ---------------------------------------------------------------------------------------------------------


def test_s03_a_thread_is_read_by_her_the_service_and_the_holder_alone():
    world, nav = make_world(), make_unit("NAV Solvik", kind=UnitKind.NAV)
    at_nav = [make_employee(nav), make_employee(nav), make_leader(nav)]
    her = world.log.guardians[0]
    request = own_questions.ask_own(
        world.log.pk, unit_id=nav.pk, guardian_ids=[her.pk], actor=world.people["holder"], now=NOW
    )[0]
    consents.answer(
        request.pk,
        guardian_id=her.pk,
        choices={},
        own_choices={nav.pk: True},
        route="digital",
        actor=her.user,
        now=NOW,
    )
    thread = OwnThread.objects.get()
    people = {name: user for name, user in world.people.items() if user is not None and user.is_active}
    people |= {f"nav {number}": user for number, user in enumerate(at_nav)}

    got = {}
    for name, user in people.items():
        client = signed_in(user)
        pages = [client.get(page_of(page, thread.pk)) for page in ("own_thread", "family_thread")]
        assert {page.status_code for page in pages} <= {200, 404}, name
        if any(page.status_code == 200 for page in pages):
            got[name] = [page.status_code for page in pages]

    assert got == {
        "holder": [200, 404],
        "deputy": [200, 404],
        "guardian": [404, 200],
        "nav 0": [200, 404],
        "nav 1": [200, 404],
        "nav 2": [200, 404],
    }


def test_s03_one_who_works_in_the_service_and_is_family_reads_nothing_of_it():
    family = Family().opened()
    family.ola.national_id_index = family.nina.national_id_index = "the same human"
    family.ola.save()
    family.nina.save()

    client = signed_in(family.nina)

    assert client.get(page_of("own_thread", family.thread.pk)).status_code == 404
    assert "Mari Vik" not in client.get(page_of("own_threads")).content.decode()


def test_s03_without_the_childs_consent_a_service_sees_that_thread_and_nothing_of_the_child():
    family = Family().opened()
    family.write(family.holder, "Velkommen hit")
    client = signed_in(family.nina)

    pages = [client.get(page_of("own_thread", family.thread.pk)), client.get(page_of("own_threads"))]

    for page in pages:
        words = main_of(page)
        assert "Mari Vik" in words
        assert [word for word in ("Emma", "Ola Berg", "Solbakken", "Nivå") if word in words] == []
    assert client.get(page_of("detail", family.log.pk)).status_code == 404
    assert "Emma" not in client.get(page_of("list")).content.decode()


def test_s03_with_the_childs_consent_the_thread_says_which_child_it_is():
    family = Family().opened()
    consent_questions.ask_consent(family.log.pk, unit_ids=[family.nav.pk], actor=family.holder, now=NOW)
    logs.give_consents(family.log, now=NOW)

    words = main_of(signed_in(family.nina).get(page_of("own_thread", family.thread.pk)))

    assert "Barnet er Emma." in words


def test_s03_what_is_written_is_told_to_the_other_two_alone():
    family = Family().opened()
    participant = logs.make_participant(family.log, now=NOW)
    before = list(Notice.objects.values_list("pk", flat=True))

    family.write(family.mari.user)
    family.write(family.nina, "Det får vi til")

    told = Notice.objects.exclude(pk__in=before).values_list("recipient", "kind")
    assert sorted(told, key=str) == sorted(
        [
            (family.holder.pk, "own_message"),
            (family.nina.pk, "own_message"),
            (family.holder.pk, "own_message"),
            (family.mari.user.pk, "own_message_family"),
        ],
        key=str,
    )
    assert participant.pk not in {recipient for recipient, _kind in told}


def test_s03_the_three_read_each_others_words_on_their_own_pages():
    family = Family().opened()
    url = page_of("family_thread", family.thread.pk)
    response = signed_in(family.mari.user).post(
        url, {"text": WORDS, "form_key": "7a1f8b1e-0a6b-4c61-9d7e-0d8a1d2c3b4a"}
    )

    assert response.status_code == 302
    assert [message.side for message in OwnMessage.objects.all()] == [ThreadSide.GUARDIAN]
    for user, name in ((family.holder, "own_thread"), (family.nina, "own_thread"), (family.mari.user, "family_thread")):
        assert WORDS in main_of(signed_in(user).get(page_of(name, family.thread.pk)))


def test_s16_she_alone_reads_who_has_opened_it():
    family = Family().opened()
    for user in (family.holder, family.nina):
        assert signed_in(user).get(page_of("own_thread", family.thread.pk)).status_code == 200

    seen = {
        guardian.name: main_of(signed_in(guardian.user).get(page_of("family_seen", family.log.pk)))
        for guardian in (family.mari, family.ola)
    }

    assert "Nina Vang" in seen["Mari Vik"]
    assert "Leste i en samtale om deg" in seen["Mari Vik"]
    assert "Nina Vang" not in seen["Ola Berg"]
    rows = ReadEvent.objects.filter(what="own-thread", action="opened")
    assert set(rows.values_list("about_id", "log_id")) == {(family.mari.user_id, family.log.pk)}


def test_s28_nothing_of_it_stands_in_the_log_its_pdf_or_its_history():
    family = Family().opened()
    family.write(family.mari.user)
    family.write(family.nina, "Hun får praksis")
    pages = [("holder", name) for name in ("detail", "messages", "participants", "history", "seen", "plan")]
    pages += [("mari", name) for name in ("parent_log", "family_messages", "family_people", "family_history")]

    for who, name in pages:
        user = family.holder if who == "holder" else family.mari.user
        words = main_of(signed_in(user).get(page_of(name, family.log.pk)))
        assert [word for word in (WORDS, "Hun får praksis", "Nina Vang") if word in words] == [], name
    for who in (family.mari, family.ola):
        pdf = signed_in(who.user).get(page_of("family_download", family.log.pk)).content
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        assert "NAV Solvik" not in text
        assert "praksis" not in text
