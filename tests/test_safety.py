"""safety.md, rule by rule, through HTTP: what no feature may break. Each rule is tested in depth beside its feature."""

import datetime
import json
import re
import uuid

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.core.dates import FAR_AT, local_midnight
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.municipality.models import Municipality, PhoneNumber
from apps.notifications.models import Notice
from apps.stafettlogg.enums import AccessKind, AddressProtection, Audience, LogStatus, Relation
from apps.stafettlogg.models import ChildVoice, Consent, ConsentAnswer, LogAccess, Message
from apps.stafettlogg.selectors.reminders import reminders_due
from apps.stafettlogg.services import closing, consents, participants, successions
from apps.stafettlogg.services.access import staff_row
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.requests import ChildInput
from tests import crawl, factories
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import newest_request, page_of, plain, signed_in, walk_to_summary
from tests.world import MARK, make_world

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _texts():
    load_start_texts(now=timezone.now() - DAY)


@pytest.fixture
def world():
    return make_world()


def two_guardians(**fields):
    child = logs.make_child(MARK, "Vik")
    mother, father = logs.make_guardian(child, name="Mari Vik"), logs.make_guardian(child, name="Ola Berg")
    log = logs.make_log(holder=logs.make_employee(logs.make_unit("Solbakken")), child=child, **fields)
    return log, mother, father


def get(user, name, *args):
    return signed_in(user).get(page_of(name, *args))


def post(user, name, *args, **data):
    return signed_in(user).post(page_of(name, *args), {"form_key": str(uuid.uuid4()), **data})


def text(response) -> str:
    assert response.status_code == 200, response
    return response.content.decode()


def answer_yes(log, guardian, *, limits=""):
    """As she does it herself: four steps and one press."""
    units = {row.unit: True for row in Consent.objects.filter(log=log, guardian=guardian, state="waiting")}
    client = signed_in(guardian.user)
    last = walk_to_summary(client, log, units, limits=limits)
    response = client.post(last, {"svar": "ja", "form_key": str(uuid.uuid4())})
    assert "/kvittering/" in response.headers["Location"]


def is_nowhere(response):
    return (response.status_code, response.content) == (
        404,
        signed_in(logs.make_citizen()).get(page_of("parent_log", uuid.uuid4())).content,
    )


# One guardian never watches another -----------------------------------------------------------------------------------


def test_s01_answer_of_one_guardian_changes_nothing_for_the_other():
    log, mother, father = two_guardians(status=LogStatus.REQUESTED)
    pages = [("children",), *((name, log.pk) for name in ("parent_log", "own_consents", "family_history"))]
    before = [plain(get(father.user, *page)) for page in pages]

    answer_yes(log, mother, limits="Ikke noe om bror.")

    assert [plain(get(father.user, *page)) for page in pages] == before
    assert "Mari Vik" in text(get(log.holder.user, "detail", log.pk))


def test_s02_guardians_message_goes_to_the_holder_alone_unless_she_chooses_all(world):
    log, people = world.log, world.people
    choices = text(get(people["guardian"], "family_messages", log.pk))
    assert re.search(r'<input[^>]*value="holder"[^>]*checked|<input[^>]*checked[^>]*value="holder"', choices)

    post(people["guardian"], "family_messages", log.pk, to="holder", text="Bare til deg: steinkobbe")

    assert Message.objects.get(text__contains="steinkobbe").audience == Audience.HOLDER
    for reader, sees in [("holder", True), ("guardian", True), ("participant", False)]:
        name = "family_messages" if reader == "guardian" else "messages"
        assert ("steinkobbe" in text(get(people[reader], name, log.pk))) is sees
    for reader in ("guardian_two", "youth"):
        assert "steinkobbe" not in text(get(people[reader], "family_messages", log.pk))


def test_s03_question_about_a_guardians_own_information_is_hers_alone():
    log, mother, father = two_guardians()
    nav = logs.make_unit("NAV", kind=UnitKind.NAV)
    consents.ask_consent(
        log.pk, unit_ids=[nav.pk], own_guardian_ids={nav.pk: [mother.pk]}, actor=log.holder.user, now=timezone.now()
    )
    asked = {}
    for guardian in (mother, father):
        client, request = signed_in(guardian.user), newest_request(log)
        client.post(page_of("answer_step", log.pk, request.pk, 1))
        asked[guardian.name] = client.get(page_of("answer_step", log.pk, request.pk, 2)).context["own_cards"]

    assert [len(asked["Mari Vik"]), len(asked["Ola Berg"])] == [1, 0]


def test_s04_blocked_guardian_meets_what_a_stranger_meets(world):
    blocked, stranger = world.people["guardian_blocked"], world.people["stranger_citizen"]

    for name in ("parent_log", "own_consents", "family_messages", "family_seen"):
        assert is_nowhere(get(blocked, name, world.log.pk))
    assert _children_of(blocked) == _children_of(stranger)


def _children_of(user) -> str:
    """The page as it would be for someone of one and the same name."""
    user.name = "Kim Lund"
    user.save()
    page = text(get(user, "children"))
    assert "Du har ingen sak her nå." in page
    return plain(get(user, "children"))


# Nothing before consent -----------------------------------------------------------------------------------------------


def test_s05_request_has_no_place_for_text():
    log, _mother, _father = two_guardians(status=LogStatus.REQUESTED)
    holder = log.holder.user

    assert "<textarea" not in text(get(holder, "request"))
    assert "<textarea" not in text(get(holder, "detail", log.pk))
    for name in ("plan", "messages", "reason", "history", "voice", "evaluate"):
        assert get(holder, name, log.pk).status_code == 403
    log.reason = "Noe om barnet"
    with pytest.raises(IntegrityError), transaction.atomic():
        log.save()


def test_s06_asking_about_a_child_with_a_log_gives_the_usual_receipt():
    first, second = logs.make_employee(), logs.make_employee()
    existing = logs.request_as_typed(first)
    receipts = {
        "fresh": logs.request_as_typed(second, child=ChildInput(given_name="Ny", birth_date=logs.BORN)),
        "repeat": logs.request_as_typed(second),
    }

    pages = {}
    for kind, receipt in receipts.items():
        pages[kind] = plain(get(second, "request_receipt", receipt.id)).replace(str(receipt.id), "")
    assert pages["fresh"] == pages["repeat"]
    assert is_nowhere(get(second, "detail", existing.id))
    assert ReadEvent.objects.filter(actor_id=second.pk, action="refused", log_id=existing.id).exists()


def test_s07_log_opens_when_every_guardian_has_said_yes():
    log, mother, father = two_guardians(status=LogStatus.REQUESTED)
    statuses = []
    for guardian in (mother, father):
        answer_yes(log, guardian)
        statuses.append(get(log.holder.user, "plan", log.pk).status_code)

    assert statuses == [403, 200]


def test_s08_unchecked_guardian_has_no_access_and_the_door_asks_for_the_birth_date(world):
    unchecked = world.people["guardian_unchecked"]
    assert is_nowhere(get(unchecked, "parent_log", world.log.pk))
    assert Notice.objects.filter(recipient=unchecked).count() == 0

    guardian = world.log.child.guardians.get(user=world.people["guardian"])
    guardian.birth_date_confirmed_at = None
    guardian.save()
    assert get(guardian.user, "children").headers["Location"] == page_of("birth_date")
    assert get(guardian.user, "parent_log", world.log.pk).status_code in (302, 404)


def test_s09_pregnant_woman_alone_sees_and_closing_quietly_stops_every_reminder():
    child = logs.make_child("", "", birth_date=None, expected_day=timezone.localdate() + 60 * DAY)
    mother = logs.make_guardian(child, relation=Relation.PREGNANT)
    father = logs.make_guardian(child, relation=Relation.FATHER)
    log = logs.make_log(child=child)

    assert get(mother.user, "parent_log", log.pk).status_code == 200
    assert is_nowhere(get(father.user, "parent_log", log.pk))

    closing.close_quietly(log.pk, actor=log.holder.user, now=timezone.now())
    later = timezone.now() + 300 * DAY
    assert [reminder for reminder in reminders_due(now=later) if reminder.object_id == log.pk] == []
    assert Notice.objects.filter(recipient=father.user).count() == 0


def test_s10_youths_no_stops_sharing_and_guardians_lose_access_at_eighteen(world):
    log, people = world.log, world.people
    eighteen = local_midnight(datetime.date(log.child.birth_date.year + 18, 6, 1))
    statuses = []
    for now in (eighteen - datetime.timedelta(seconds=1), eighteen):
        with time_machine.travel(now, tick=False):
            statuses.append(get(people["guardian"], "parent_log", log.pk).status_code)
    assert statuses == [200, 404]

    assert get(people["holder"], "plan", log.pk).status_code == 200
    post(people["youth"], "withdraw_all", log.pk)
    assert get(people["holder"], "plan", log.pk).status_code == 403


def test_s11_withdrawal_stops_services_in_the_next_request_and_families_keep_reading(world):
    log, people = world.log, world.people
    unit = people["participant"].membership.unit
    log, mother, father = two_guardians()
    consents.ask_consent(log.pk, unit_ids=[unit.pk], actor=log.holder.user, now=timezone.now())
    logs.give_consents(log)
    logs.make_participant(log, user=people["participant"])
    assert get(people["participant"], "plan", log.pk).status_code == 200

    post(mother.user, "withdraw", log.pk, unit.pk)

    assert is_nowhere(get(people["participant"], "plan", log.pk))
    assert get(log.holder.user, "plan", log.pk).status_code == 200
    post(mother.user, "withdraw_all", log.pk)
    assert [get(log.holder.user, name, log.pk).status_code for name in ("detail", "plan")] == [200, 403]
    assert [get(guardian.user, "parent_log", log.pk).status_code for guardian in (mother, father)] == [200, 200]


def test_s12_limits_keep_the_log_shut_until_the_holder_has_read_them():
    log, mother, father = two_guardians(status=LogStatus.REQUESTED)
    answer_yes(log, father)
    answer_yes(log, mother, limits="Ikke del noe om søsken")
    given = ConsentAnswer.objects.get(guardian=mother)

    assert get(log.holder.user, "plan", log.pk).status_code == 403
    assert "Ikke del noe om søsken" in text(get(log.holder.user, "consents", log.pk))
    assert "søsken" not in text(get(father.user, "own_consents", log.pk))
    consents.follow_limits(given.pk, actor=log.holder.user, now=timezone.now())
    assert get(log.holder.user, "plan", log.pk).status_code == 200
    assert text(get(mother.user, "consent_receipt", log.pk, given.pk))


# Suspected violence or abuse ------------------------------------------------------------------------------------------


def test_s13_gate_leaves_no_trace_and_the_log_page_warns(world, caplog):
    holder = world.people["holder"]
    client = signed_in(holder)
    page = client.get(page_of("detail", world.log.pk)).content.decode()
    before = (ReadEvent.objects.count(), Notice.objects.count())
    caplog.clear()

    response = client.get("/veileder/vold/")

    body = response.content.decode()
    assert {"ja", "usikker", "nei"} <= set(re.findall(r'id="([a-z]+)"', body))
    assert {"#ja", "#usikker", "#nei"} <= set(re.findall(r'href="([^"]+)"', body))
    assert str(world.log.pk) not in body
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert [name for name in response.cookies if name != settings.CSRF_COOKIE_NAME] == []
    assert [record for record in caplog.records if "vold" in record.getMessage()] == []
    assert (ReadEvent.objects.count(), Notice.objects.count()) == before
    assert "Ikke skriv om mistanken her, og ikke åpne loggen for å lete. Foreldrene ser det." in page
    assert 'href="/veileder/vold/"' in page


def test_s14_there_is_no_summary_for_barnevern_and_the_gate_gives_their_numbers(world):
    assert [name for name, _entry in crawl.routes() if re.search("barnevern|bekymring|welfare", name)] == []
    PhoneNumber.objects.create(key="barnevern", label={"nb": "Barneverntjenesten"}, number="00 00 00 09", on_gate=True)

    assert 'href="tel:00000009"' in Client().get("/veileder/vold/").content.decode()


def test_s15_childs_words_are_saved_only_when_the_child_knows_the_readers(world):
    holder, log = world.people["holder"], world.log
    words = {"text": "Jeg vil ha fri", "told_to": "Ane", "told_day": timezone.localdate().isoformat()}
    assert "Skriv bare det barnet vil at foreldrene skal lese" in text(get(holder, "voice", log.pk))

    post(holder, "voice", log.pk, **words)
    assert ChildVoice.objects.count() == 0
    post(holder, "voice", log.pk, child_knows_readers="on", **words)
    assert ChildVoice.objects.get().child_knows_readers is True


# Who looks ------------------------------------------------------------------------------------------------------------


def test_s16_family_sees_staffs_openings_but_no_lists_and_no_other_guardian(world):
    log, people = world.log, world.people
    factories.make_municipality(show_staff_names=True)
    participant = people["participant"]
    signed_in(participant).get(page_of("list"))
    get(people["guardian_two"], "parent_log", log.pk)
    assert participant.name not in text(get(people["guardian"], "family_seen", log.pk))

    get(participant, "plan", log.pk)

    seen = text(get(people["guardian"], "family_seen", log.pk))
    assert participant.name in seen
    assert people["guardian_two"].name not in seen
    factories.make_municipality(show_staff_names=False)
    assert participant.name not in text(get(people["guardian"], "family_seen", log.pk))


def test_s17_protected_address_hides_places_from_guardians_and_strict_has_no_log():
    log, mother, _father = two_guardians()
    staff = log.holder.user
    assert "Solbakken" in text(get(mother.user, "parent_log", log.pk))
    log.child.address_protection = AddressProtection.CONFIDENTIAL
    log.child.save()

    # Not on the page with her own consents: what she said yes to is hers to know and to take back.
    for name in ("parent_log", "family_people", "family_history", "family_seen", "family_messages"):
        page = text(get(mother.user, name, log.pk))
        assert [word for word in ("Solbakken", staff.name) if word in page] == [], name
    strict = ChildInput(given_name="Siv", birth_date=logs.BORN, address_protection=AddressProtection.STRICT)
    with pytest.raises(RuleBroken) as broken:
        logs.request_as_typed(logs.make_employee(), child=strict)
    assert broken.value.code == "paper_route"


def test_s18_guardian_is_never_holder_or_controlling_leader_in_her_childs_log(world):
    log, leader = world.log, world.people["leader"]
    assert get(leader, "detail", log.pk).status_code == 200
    leader.national_id_index = "a" * 64
    leader.save()
    guardian = log.child.guardians.first()
    guardian.national_id_index = "a" * 64
    guardian.save()

    assert is_nowhere(get(leader, "detail", log.pk))
    assert MARK not in text(get(leader, "leader"))
    with pytest.raises(AccessDenied):
        participants.invite_unit(
            log.pk,
            unit=leader.membership.unit,
            to_membership=leader.membership,
            actor=log.holder.user,
            now=timezone.now(),
        )


def test_s19_leader_opens_with_a_choice_and_coordinators_see_no_log(world):
    log, leader = world.log, world.people["leader"]
    page = text(get(leader, "detail", log.pk))
    assert "<textarea" not in page
    assert re.findall(r'<input[^>]*type="text"', page) == []
    for persona in ("coordinator", "flow"):
        assert is_nowhere(get(world.people[persona], "detail", log.pk))
        assert MARK not in get(world.people[persona], "leader").content.decode()


def test_s20_absence_has_days_and_a_deputy_but_no_cause(world):
    page = signed_in(world.people["holder"]).get("/konto/borte/").content.decode()
    fields = set(re.findall(r'<(?:input|select|textarea)[^>]*name="([a-z_]+)"', page))

    assert fields - {"csrfmiddlewaretoken", "form_key", "form_mark", "version", "language", "next"} == {
        "first_day",
        "last_day",
    }
    stored = {field.name for field in apps.get_model("accounts.Absence")._meta.concrete_fields}
    assert stored == {"id", "user", "first_day", "last_day", "deputy", "recorded_by"}


def test_s21_leader_is_the_holder_from_the_second_the_employment_ends():
    leader = factories.make_leader(logs.make_unit())
    holder = logs.make_employee(leader.membership.unit)
    log, today = logs.make_log(holder=holder), timezone.localdate()
    place = holder.membership
    place.last_day = today + DAY
    place.save()
    successions.plan_successions(now=timezone.now())

    over = local_midnight(today + 2 * DAY)
    statuses = []
    for now in (over - datetime.timedelta(seconds=1), over):
        with time_machine.travel(now, tick=False):
            statuses.append([get(user, "plan", log.pk).status_code for user in (holder, leader)])
    assert statuses == [[200, 200], [404, 200]] or statuses == [[200, 404], [404, 200]]
    rows = LogAccess.objects.filter(content_object=log, kind=AccessKind.HOLDER)
    assert {row.user: (row.starts_at < over, row.ends_at == FAR_AT) for row in rows} == {
        holder: (True, False),
        leader: (False, True),
    }


def test_s22_no_address_file_name_or_notice_says_which_child(world):
    log, holder = world.log, world.people["holder"]
    logs.make_goal(log, actor=holder)
    arguments = {name for _route, entry in crawl.routes() for name in entry.pattern.converters}
    assert arguments & {"name", "child", "child_name", "given_name", "email"} == set()
    assert get(holder, "list").context["form"].fields["q"] is not None
    assert 'method="get"' not in text(get(holder, "list"))
    for persona in ("holder", "guardian", "youth"):
        client = signed_in(world.people[persona])
        assert MARK not in client.get("/varsler/").content.decode()
    given = ConsentAnswer.objects.filter(request__log=log, guardian__user=world.people["guardian"]).first()
    receipt = get(world.people["guardian"], "consent_receipt_pdf", log.pk, given.pk)
    assert MARK not in receipt.headers["Content-Disposition"]


def test_s23_there_are_no_groups_and_an_adviser_stands_in_a_log_by_consent_only(world):
    assert [config.label for config in apps.get_app_configs() if "group" in config.label] == []
    flow = world.people["flow"]
    with pytest.raises(IntegrityError), transaction.atomic():
        staff_row(
            log=world.log,
            membership=flow.membership,
            window=None,
            kind=AccessKind.ADVISER,
            actor=flow,
            now=timezone.now(),
        )


def test_s24_no_note_of_level_0_is_stored_and_its_tools_ask_for_no_name(world):
    tools = json.loads((settings.BASE_DIR / "fixtures" / "guides" / "tools.json").read_text("utf-8"))
    level_0 = [tool for tool in tools if 0 in tool["levels"]]
    asked = [
        section["heading"]["nb"]
        for tool in level_0
        for section in tool["sections"]
        if re.search(r"\bnavn|fødsels|personnummer", section["heading"]["nb"], re.IGNORECASE)
    ]

    assert level_0
    assert asked == []
    assert Municipality.objects.get().store_level0_notes is False
    client = signed_in(world.people["holder"])
    for tool in level_0:
        assert client.post(f"/veileder/verktoy/{tool['slug']}.pdf", {"text": "notat"}).status_code in (403, 405)
    assert client.post("/veileder/n0s1/", {"text": "notat"}).status_code == 405


def test_s25_everyone_with_nothing_to_see_is_told_the_same(world):
    personas = ("stranger_citizen", "guardian_blocked", "guardian_unchecked", "guardian_without_responsibility")

    assert len({_children_of(world.people[persona]) for persona in personas}) == 1
