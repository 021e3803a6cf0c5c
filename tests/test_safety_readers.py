"""safety.md, rule by rule, through HTTP: S12 and on. Each rule is tested in depth beside its feature."""

import datetime
import json
import re

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
from apps.municipality.models import Municipality, PhoneNumber
from apps.notifications.models import Notice
from apps.notifications.selectors import notices_for
from apps.stafettlogg.enums import AccessKind, AddressProtection, LogStatus
from apps.stafettlogg.forms.evaluations import EvaluationForm
from apps.stafettlogg.forms.voices import VoiceForm
from apps.stafettlogg.models import ChildVoice, ConsentAnswer, LogAccess
from apps.stafettlogg.services import consents, holders_leaving, participants
from apps.stafettlogg.services.access import staff_row
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.requests import ChildInput
from tests import crawl, factories
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import page_of, signed_in
from tests.test_safety import DAY, _children_of, answer_yes, get, is_nowhere, post, text, two_guardians
from tests.world import MARK, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts():
    load_start_texts(now=timezone.now() - DAY)


@pytest.fixture
def world():
    return make_world()


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


def test_s13_gate_leaves_no_trace_and_the_log_page_warns(world, caplog):
    holder = world.people["holder"]
    client = signed_in(holder)
    page = client.get(page_of("detail", world.log.pk)).content.decode()
    before = (ReadEvent.objects.count(), Notice.objects.count())
    caplog.clear()

    response = client.get("/veileder/vold/")

    body = response.content.decode()
    answers = {"ansatt-fare", "ansatt-vold", "ansatt-usikker", "ansatt-nei", "privat", "barn"}
    assert answers <= set(re.findall(r'id="([a-z-]+)"', body))
    assert {f"#{answer}" for answer in answers} <= set(re.findall(r'href="([^"]+)"', body))
    assert str(world.log.pk) not in body
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert [name for name in response.cookies if name != settings.CSRF_COOKIE_NAME] == []
    assert [record for record in caplog.records if "vold" in record.getMessage()] == []
    assert (ReadEvent.objects.count(), Notice.objects.count()) == before
    assert "Ikke skriv om mistanken her, og ikke åpne loggen for å lete. Foreldrene ser det." in page
    assert 'href="/veileder/vold/"' in page


def test_s14_there_is_no_summary_for_barnevern_and_the_gate_gives_their_numbers(world):
    assert [name for name, _entry in crawl.routes() if re.search("barnevern|bekymring|welfare", name)] == []
    PhoneNumber.objects.create(key="barnevern", label={"nb": "Barnevernstjenesten"}, number="55 00 00 09", on_gate=True)

    assert 'href="tel:55000009"' in Client().get("/veileder/vold/").content.decode()


def test_s31_danger_to_life_has_its_own_way_for_each_who_asks_and_the_condition_comes_first(world):
    text = " ".join(re.sub(r"<[^>]+>", " ", Client().get("/veileder/vold/").content.decode()).split())
    text = text.replace("\u00a0", " ")

    # Employee, private person, parent, child.
    for words in ("Bli hos barnet. Få hjelp nå", "Sier barnet at det ikke vil leve?", "Vil barnet ikke leve?"):
        assert words in text
    assert "Tenker du på å dø?" in text
    assert text.index("er barnet redd for hva de gjør?") < text.index("Ring foreldrene nå")
    assert text.index("Er du redd for at foreldrene skader barnet?") < text.index("Ellers sier du fra til foreldrene")
    assert "Ikke i elevmappa, foreldreportalen eller stafettloggen" in text


def test_s15_childs_words_are_saved_only_when_the_child_knows_the_readers(world):
    holder, log = world.people["holder"], world.log
    words = {"text": "Jeg vil ha fri", "told_to": "Ane", "told_day": timezone.localdate().isoformat()}
    assert "Skriv bare det barnet vil at foreldrene skal lese" in text(get(holder, "voice", log.pk))

    post(holder, "voice", log.pk, **words)
    assert ChildVoice.objects.count() == 0
    post(holder, "voice", log.pk, child_knows_readers="on", **words)
    assert ChildVoice.objects.get().child_knows_readers is True


@pytest.mark.parametrize(("form", "words"), [(VoiceForm, "text"), (EvaluationForm, "voice_text")])
def test_s15_same_help_stands_at_every_field_about_the_childs_own_words(form, words):
    fields = form.base_fields

    assert str(fields[words].help_text) == "Skriv bare det barnet vil at foreldrene skal lese."
    assert str(fields["child_knows_readers"].label) == "Barnet vet hvem som leser dette"
    assert fields["child_knows_readers"].help_text == VoiceForm.base_fields["child_knows_readers"].help_text != ""
    assert fields["child_knows_readers"].required is True


def test_s16_family_sees_staffs_openings_but_no_lists_and_no_other_guardian(world):
    log, people = world.log, world.people
    factories.make_municipality(show_staff_names=True)
    participant = people["participant"]
    signed_in(participant).get(page_of("list"))
    for reader in ("guardian_two", "youth"):
        get(people[reader], "parent_log", log.pk)
    assert participant.name not in text(get(people["guardian"], "family_seen", log.pk))

    get(participant, "plan", log.pk)

    seen = text(get(people["guardian"], "family_seen", log.pk))
    assert participant.name in seen
    content = re.search(r"<main.*?</main>", seen, re.DOTALL)[0]
    assert [who for who in ("guardian_two", "youth") if people[who].name in content] == []
    factories.make_municipality(show_staff_names=False)
    assert participant.name not in text(get(people["guardian"], "family_seen", log.pk))


def test_s17_protected_address_hides_places_from_guardians_and_strict_has_no_log():
    log, mother, _father = two_guardians()
    staff = log.holder.user
    assert "Solbakken" in text(get(mother.user, "parent_log", log.pk))
    log.child.address_protection = AddressProtection.CONFIDENTIAL
    log.child.save()

    for name in ("parent_log", "own_consents", "family_people", "family_history", "family_seen", "family_messages"):
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
        "person",
    }
    assert "<textarea" not in page
    stored = {field.name for field in apps.get_model("accounts.Absence")._meta.concrete_fields}
    assert stored == {"id", "user", "first_day", "last_day", "recorded_by"}


def test_s21_leader_is_the_holder_from_the_second_the_employment_ends():
    leader = factories.make_leader(logs.make_unit())
    holder = logs.make_employee(leader.membership.unit)
    log, today = logs.make_log(holder=holder), timezone.localdate()
    place = holder.membership
    place.last_day = today + DAY
    place.save()
    holders_leaving.plan_successions(now=timezone.now())

    over = local_midnight(today + 2 * DAY)
    goal = logs.make_goal(log, actor=holder)
    reads = []
    for now in (over - datetime.timedelta(seconds=1), over):
        with time_machine.travel(now, tick=False):
            pages = [get(user, "plan", log.pk) for user in (holder, leader)]
            reads.append([goal.title in page.content.decode() for page in pages])
    assert reads == [[True, False], [False, True]]
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
        assert [line.title for line in notices_for(world.people[persona]) if MARK in line.title] == []
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
