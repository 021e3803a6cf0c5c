"""The family's pages: the birth date, the empty page that is alike for all, withdrawing, messages, who has looked."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.enums import UserKind
from apps.audit.enums import ReadAction
from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Audience, BlockGround, ConsentState, LogStatus, Place
from apps.stafettlogg.models import Consent, Goal, LogWish, Measure, Message
from apps.stafettlogg.services.access import end_guardian
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.guardians import confirm_responsibility
from tests.factories import make_citizen, make_employee, make_leader, make_municipality, make_unit, make_user
from tests.markup import markup
from tests.stafettlogg.factories import BORN, make_child, make_guardian, make_log, make_participant
from tests.stafettlogg.family_pages import main_of, page_of, signed_in

pytestmark = pytest.mark.django_db
LOG_PAGES = ("parent_log", "own_consents", "family_messages", "family_people", "family_history", "family_seen")


@pytest.fixture(autouse=True)
def texts():
    load_start_texts(now=timezone.now())


def family_with_log(**fields):
    child = make_child()
    father = make_guardian(child, name="Ola Berg")
    return make_log(child=child, guardians=[father], **fields), father


def shown(user, name, *args) -> str:
    response = signed_in(user).get(page_of(name, *args))
    assert response.status_code == 200
    return markup(response)


# Nothing to see -------------------------------------------------------------------------------------------------------


def test_s25_stranger_blocked_and_unchecked_get_the_same_page():
    make_municipality()
    log, blocked = family_with_log(status=LogStatus.REQUESTED)
    blocked.blocked_ground, blocked.blocked_decision_number = BlockGround.COURT, "12/2026"
    blocked.blocked_last_day, blocked.blocked_signed_by = timezone.localdate(), make_leader()
    blocked.save()
    end_guardian(blocked, actor=blocked.blocked_signed_by, now=timezone.now())
    unchecked = make_guardian(log.child, name="Ola Berg", responsibility="unchecked")
    stranger = make_citizen("Ola Berg")

    pages = {main_of(signed_in(user).get(page_of("children"))) for user in (stranger, blocked.user, unchecked.user)}

    assert len(pages) == 1
    assert "Du har ingenting å svare på her nå. Spør Solvik kommune hvis du venter på noe." in pages.pop()


def test_log_of_someone_else_is_not_found_with_the_same_bytes():
    log, _father = family_with_log()
    stranger = signed_in(make_citizen())
    missing = stranger.get(page_of("parent_log", "7f0c6f3e-1111-4111-8111-111111111111"))

    for name in LOG_PAGES:
        response = stranger.get(page_of(name, log.pk))
        assert (response.status_code, response.content) == (404, missing.content)


# The birth date -------------------------------------------------------------------------------------------------------


def not_asked_yet():
    child = make_child("Emma")
    father = make_guardian(child, name="Ola Berg", birth_date_confirmed_at=None)
    return make_log(child=child, guardians=[father], status=LogStatus.REQUESTED), father


def test_s08_until_the_birth_date_is_given_it_is_the_only_page():
    log, father = not_asked_yet()
    client = signed_in(father.user)

    for name in LOG_PAGES:
        assert client.get(page_of(name, log.pk)).url == page_of("birth_date")
    page = client.get(page_of("children"), follow=True).content.decode()

    assert "Skriv inn barnets fødselsdato" in page
    assert "Emma" not in page


def test_s08_the_right_birth_date_opens_the_log():
    log, father = not_asked_yet()
    client = signed_in(father.user)

    client.post(page_of("birth_date"), {"birth_date": BORN.isoformat()})

    assert client.get(page_of("parent_log", log.pk)).status_code == 200


def test_s08_five_wrong_dates_lock_it():
    log, father = not_asked_yet()
    client = signed_in(father.user)
    for _try in range(5):
        client.post(page_of("birth_date"), {"birth_date": "2020-01-01"})
    client.post(page_of("birth_date"), {"birth_date": BORN.isoformat()})

    page = client.get(page_of("children")).content.decode()

    assert f"Ring {log.unit.name}" in page
    assert client.get(page_of("parent_log", log.pk)).status_code == 302
    father.refresh_from_db()
    assert (father.birth_date_attempts, father.birth_date_confirmed_at) == (5, None)


def test_the_limit_is_said_when_few_tries_are_left_and_what_was_written_stands():
    log, father = not_asked_yet()
    client = signed_in(father.user)
    wrong = {"birth_date_day": "1", "birth_date_month": "2", "birth_date_year": "2020"}

    pages = [client.get(page_of("birth_date")).content.decode()]
    pages += [client.post(page_of("birth_date"), wrong).content.decode() for _try in range(4)]

    assert ["ganger til" in page or "gang til" in page for page in pages] == [False, False, True, True, True]
    assert "Du kan prøve 3 ganger til. Etter det hjelper vi deg på telefon." in pages[2]
    assert f"Ring {log.unit.name}" in pages[2]
    assert 'name="birth_date_year" value="2020"' in pages[2]


def test_s08_the_holder_gives_new_tries_by_checking_again():
    log, father = not_asked_yet()
    client = signed_in(father.user)
    for _try in range(5):
        client.post(page_of("birth_date"), {"birth_date": "2020-01-01"})

    confirm_responsibility(log.pk, father.pk, how="document", actor=log.holder.user, now=timezone.now())
    client.post(page_of("birth_date"), {"birth_date": BORN.isoformat()})

    assert client.get(page_of("parent_log", log.pk)).status_code == 200


# The log --------------------------------------------------------------------------------------------------------------


def test_before_the_log_is_open_the_family_sees_the_question_alone():
    log, father = family_with_log(status=LogStatus.REQUESTED)
    client = signed_in(father.user)

    page = client.get(page_of("parent_log", log.pk)).content.decode()
    others = [client.get(page_of(name, log.pk)).status_code for name in ("family_messages", "family_people")]

    assert "Les og svar" in page
    assert "Hvem har sett" not in page
    assert others == [403, 403]


def test_two_children_have_a_card_and_a_page_each():
    log, father = family_with_log()
    brother = make_child("Jakob")
    again = make_guardian(brother, user=father.user, name="Ola Berg")
    second = make_log(child=brother, guardians=[again], status=LogStatus.REQUESTED)

    page = shown(father.user, "children")

    assert "Svar på spørsmålet om samtykke for Jakob" in page
    assert "Emma" in page
    assert "Hvor er vi nå" in shown(father.user, "parent_log", log.pk)
    assert "Les og svar" in shown(father.user, "parent_log", second.pk)


def make_measure(log, title):
    now, goal = timezone.now(), log.goals.first()
    goal = goal or Goal.objects.create(log=log, title="Noen å leke med", created_by=log.holder.user, created_at=now)
    return Measure.objects.create(
        log=log, goal=goal, title=title, place=Place.HOME, created_by=log.holder.user, created_at=now
    )


def queries_of(client, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_queries_of_the_log_page_do_not_grow_with_the_plan():
    log, father = family_with_log()
    client, address = signed_in(father.user), page_of("parent_log", log.pk)
    make_measure(log, "Et tiltak")
    client.get(address)
    few = queries_of(client, address)

    for number in range(29):
        make_measure(log, f"Tiltak {number}")

    assert queries_of(client, address) == few


def test_queries_of_who_has_seen_do_not_grow_with_the_readings():
    log, father = family_with_log()
    client, address = signed_in(father.user), page_of("family_seen", log.pk)
    client.get(address)
    few = queries_of(client, address)
    for _number in range(30):
        read_by(make_employee(), log)

    assert queries_of(client, address) == few


def read_by(user, log, *, at=None, action=ReadAction.OPENED, side="staff"):
    return ReadEvent.objects.create(
        at=at or timezone.now(),
        action=action,
        side=side,
        actor_id=user.pk,
        actor_name=user.name,
        actor_protected=user.protected_identity,
        role_name="Pedagogisk leder",
        unit_name="Solbakken barnehage",
        log_id=log.pk,
        child_id=log.child_id,
        what="overview",
        ground="holder",
    )


def test_s16_staff_is_shown_once_a_day_and_never_in_lists():
    log, father = family_with_log()
    ane, kim, per = make_employee(name="Ane Solheim"), make_employee(name="Kim Lie"), make_user("Per Dal")
    noon = timezone.now().replace(hour=11, minute=0)
    for minutes in (0, 10, 20):
        read_by(ane, log, at=noon + datetime.timedelta(minutes=minutes))
    read_by(kim, log, action=ReadAction.LISTED)
    read_by(per, log, side="guardian")

    page = shown(father.user, "family_seen", log.pk)

    assert page.count("<b>Ane Solheim</b>") == 1
    assert "3 ganger mellom" in page
    assert ("Kim Lie" in page, "Per Dal" in page) == (False, False)
    assert ">Deg</span>" in page


def test_s16_protected_identity_is_role_and_service():
    log, father = family_with_log()
    read_by(make_employee(name="Ane Solheim", protected_identity=True), log)

    page = shown(father.user, "family_seen", log.pk)

    assert "Ane Solheim" not in page
    assert "Pedagogisk leder, Solbakken barnehage" in page


def test_participants_show_who_is_outside_the_municipality():
    log, father = family_with_log()
    doctor = make_unit("Fjordlegene", kind=UnitKind.DOCTOR, is_external=True, controller_name="Fjordlegene AS")
    make_participant(log, doctor, name="Siv Moe")

    page = shown(father.user, "family_people", log.pk)

    assert "Siv Moe" in page
    assert "Utenfor kommunen. Ansvarlig: Fjordlegene AS" in page


def test_s20_the_family_sees_the_deputy_and_no_cause():
    log, father = family_with_log()
    make_participant(log, log.unit, name="Per Dal", kind=AccessKind.DEPUTY)

    assert "Per Dal er vikar nå." in shown(father.user, "parent_log", log.pk)


# Withdrawing ----------------------------------------------------------------------------------------------------------


def test_withdrawing_stops_the_services_at_once_and_she_keeps_reading():
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    log, father = family_with_log(unit_ids=[ppt.pk])
    colleague = make_participant(log, ppt)
    client = signed_in(father.user)

    page = client.get(page_of("withdraw", log.pk, ppt.pk)).content.decode()
    receipt = client.post(page_of("withdraw", log.pk, ppt.pk), follow=True).content.decode()

    assert "PP-tjenesten mister tilgangen med en gang." in page
    assert "Du har trukket samtykket" in receipt
    assert not access.visible_logs(colleague).filter(pk=log.pk).exists()
    assert Consent.objects.get(unit=log.unit).state == ConsentState.GIVEN
    assert client.get(page_of("parent_log", log.pk)).status_code == 200


def test_s11_after_withdrawing_everything_the_family_keeps_reading():
    log, father = family_with_log()
    client = signed_in(father.user)

    client.post(page_of("withdraw_all", log.pk))

    page = client.get(page_of("parent_log", log.pk)).content.decode()
    assert "Ingen tjeneste leser stafettloggen." in page
    assert "ennå" not in page.partition("p-state")[2].partition("</section>")[0]
    assert "Du kan ikke skrive her" in client.get(page_of("family_messages", log.pk)).content.decode().replace(
        "så du kan", "Du kan"
    )


def test_withdrawing_another_childs_consent_is_not_found():
    log, _father = family_with_log()
    other_log, other = family_with_log()

    assert signed_in(other.user).post(page_of("withdraw_all", log.pk)).status_code == 404
    assert Consent.objects.get(log=log).state == ConsentState.GIVEN


# Messages -------------------------------------------------------------------------------------------------------------


def test_s02_a_message_goes_to_the_holder_alone_unless_she_chooses_all():
    log, father = family_with_log()
    client, address = signed_in(father.user), page_of("family_messages", log.pk)
    page = client.get(address).content.decode()

    assert page.index("Disse leser det du skriver") < page.index("<textarea")
    client.post(address, {"to": "holder", "text": "Bare til deg"})
    client.post(address, {"to": "all", "text": "Til alle"})

    written = {message.text: message.audience for message in Message.objects.all()}
    assert written == {"Bare til deg": Audience.HOLDER, "Til alle": Audience.ALL}


def test_the_box_starts_with_the_holder_alone():
    log, father = family_with_log()

    page = shown(father.user, "family_messages", log.pk)

    assert 'value="holder"' in page.split("checked")[0].rsplit("<input", 1)[1]
    assert page.count("checked") == 1


# Wishes ---------------------------------------------------------------------------------------------------------------


def test_a_wish_is_seen_by_the_units_own_leader_alone():
    school = make_unit("Fjordvik skole", kind=UnitKind.SCHOOL)
    leader, other = make_leader(school), make_leader(make_unit("Elvebakken skole", kind=UnitKind.SCHOOL))
    colleague, mother = make_employee(school), make_citizen("Mari Vik")
    client = signed_in(mother)

    sent = client.post(page_of("wish"), {"unit": school.pk, "child_name": "Emma", "text": "Hun gruer seg"}, follow=True)

    assert "Ønsket er sendt" in sent.content.decode()
    assert "Hun gruer seg" in shown(leader, "wishes")
    assert "Mari" not in shown(other, "wishes")
    assert signed_in(colleague).get(page_of("wishes")).status_code == 403
    assert list(Notice.objects.values_list("recipient", "kind")) == [(leader.pk, "wish_received")]


def test_only_the_leader_answers_a_wish():
    school = make_unit("Fjordvik skole", kind=UnitKind.SCHOOL)
    leader = make_leader(school)
    signed_in(make_citizen()).post(page_of("wish"), {"unit": school.pk})
    wish = LogWish.objects.get()

    assert signed_in(make_employee(school)).post(page_of("answer_wish", wish.pk)).status_code == 403
    signed_in(leader).post(page_of("answer_wish", wish.pk))

    wish.refresh_from_db()
    assert (wish.state, wish.answered_by) == ("answered", leader)


def test_an_employee_cannot_send_a_wish():
    assert signed_in(make_user(kind=UserKind.EMPLOYEE)).get(page_of("wish")).status_code == 403


def test_the_log_as_pdf_is_written_in_the_read_audit_and_its_name_tells_nothing():
    log, father = family_with_log()
    make_measure(log, "Et tiltak")

    response = signed_in(father.user).get(page_of("family_download", log.pk))

    assert response.content.startswith(b"%PDF")
    assert "Emma" not in response.headers["Content-Disposition"]
    assert ReadEvent.objects.filter(actor_id=father.user.pk, action=ReadAction.DOWNLOADED).count() == 1
