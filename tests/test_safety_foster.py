"""S36: a foster parent has a place of her own, by child welfare's yes, and the parents meet no sign of a hidden one."""

import datetime
import io

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from pypdf import PdfReader

from apps.audit.models import ReadEvent
from apps.core.crypto import blind_index
from apps.core.dates import OSLO, end_of_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Audience, ConsentState, Relation, Responsibility
from apps.stafettlogg.models import CareDecision, Consent, FosterPlace, Guardian, LogAccess, Message
from apps.stafettlogg.rules.foster import Foster
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.rules.responsible import USER
from apps.stafettlogg.services import exceptions, foster, guardians, links
from apps.stafettlogg.services.birth_date import confirm_birth_date
from apps.stafettlogg.services.consent_questions import ask_consent
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_citizen, make_employee, make_leader, make_unit
from tests.stafettlogg.factories import give_consents, make_child, make_goal, make_guardian, make_log, make_measure
from tests.stafettlogg.family_pages import page_of, plain, signed_in

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 12, tzinfo=OSLO)
TODAY = NOW.date()
DAY = datetime.timedelta(days=1)
UNTIL = TODAY + 30 * DAY
NAME = "Frida Fosse"
OF_PARENTS = ("parent_log", "family_people", "family_history", "family_messages", "family_seen", "own_consents")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        load_start_texts(now=NOW)
        yield clock


def change(guardian, **fields):
    for name, value in fields.items():
        setattr(guardian, name, value)
    guardian.save(update_fields=list(fields))


class Case:
    """A care order that is signed, and Siri who answers for child welfare; two parents who read."""

    def __init__(self):
        self.child = make_child()
        self.mother, self.father = make_guardian(self.child, name="Mari Vik"), make_guardian(self.child, name="Ola Vik")
        self.own = make_unit("Solbakken barnehage")
        self.ane, self.lars = make_employee(self.own, name="Ane Lund"), make_leader(self.own, name="Lars Moe")
        self.log = make_log(holder=self.ane, child=self.child, guardians=[self.mother, self.father], now=NOW)
        self.siri = make_guardian(
            self.child, name="Siri Dal", relation=Relation.CHILD_WELFARE, responsibility=Responsibility.UNCHECKED
        )
        care = {"kind": "care_order", "step": "2", "source": "tribunal", "number": "2026/14", "day": str(TODAY)}
        care |= {"last_day": str(UNTIL), "guardian": str(self.siri.pk), "parents_read": "ja"}
        assert signed_in(self.ane).post(page_of("record_care", self.log.pk), care).status_code == 302
        for grant in self.log.consent_exceptions.filter(signed_at=None):
            exceptions.sign_exception(grant.pk, actor=self.lars, now=NOW)
        give_consents(self.log, only=[self.siri], now=NOW)
        self.siri.refresh_from_db()
        # Found by her number as soon as she has a place.
        self.frida = make_citizen(NAME, national_id_index=blind_index(PERSON, "frida"), birth_year=1980)

    def add(self, hidden="ja", scope="measures", **changed):
        given = {"name": NAME, "scope": scope, "hidden": hidden, "language": "nb"} | changed
        response = signed_in(self.ane).post(page_of("foster_add", self.log.pk), given)
        place = FosterPlace.objects.order_by("-recorded_at").first()
        if place is not None:
            change(place.guardian, national_id_index=self.frida.national_id_index)
        return response

    @property
    def place(self):
        return FosterPlace.objects.select_related("guardian").get()

    def says(self, answer):
        return signed_in(self.siri.user).post(page_of("answer_foster", self.place.pk), {"answer": answer})

    def has_place(self, *, hidden="ja", scope="measures"):
        """Written down, said yes to, and let in with the child's birth date given."""
        assert self.add(hidden=hidden).status_code == 302
        assert self.says(scope).status_code == 302
        change(Guardian.objects.get(relation=Relation.FOSTER), birth_date_confirmed_at=NOW)
        return signed_in(self.frida)

    def gets(self, name, user=None):
        return signed_in(user or self.frida).get(page_of(name, self.log.pk))

    def pages_of(self, user):
        pages = {name: plain(self.gets(name, user)) for name in OF_PARENTS}
        pages["children"] = plain(signed_in(user).get(page_of("children")))
        pdf = self.gets("family_download", user)
        pages["pdf"] = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
        return pages


def test_s36_she_reads_nothing_before_child_welfare_has_said_yes():
    case = Case()

    assert case.add().status_code == 302

    assert case.gets("foster_log").status_code == 404
    assert Notice.objects.filter(recipient=case.siri.user, kind="foster_asked").count() == 1
    assert case.says("measures").status_code == 302
    assert case.gets("foster_log").status_code == 302  # the birth date comes first (S8)
    assert confirm_birth_date(actor=case.frida, birth_date=case.child.birth_date, now=NOW)
    assert case.gets("foster_log").status_code == 200
    row = LogAccess.objects.get(user=case.frida)
    assert (row.kind, row.ends_at) == (AccessKind.FOSTER, end_of_day(UNTIL))


def test_s36_a_no_from_child_welfare_counts_in_the_next_request():
    case = Case()
    case.has_place()
    assert case.gets("foster_log").status_code == 200

    assert case.says("nei").status_code == 302

    assert case.gets("foster_log").status_code == 404
    assert not access.visible_logs(case.frida).exists()


def test_s36_only_the_one_who_answers_for_child_welfare_answers():
    case = Case()
    case.add()
    page = page_of("answer_foster", case.place.pk)

    for user in (case.mother.user, case.father.user, case.frida, make_citizen("Fremmed")):
        assert signed_in(user).get(page).status_code == 404
        with pytest.raises(AccessDenied):
            foster.answer_foster(case.place.pk, says_yes=True, actor=user, now=NOW)
    assert case.place.yes_at is None


def test_s36_the_holder_writes_down_a_yes_and_child_welfare_is_told():
    case = Case()
    case.add()

    written = {"answer": "log", "route": "paper"}
    response = signed_in(case.ane).post(page_of("foster_answered", case.log.pk, case.place.pk), written)

    assert response.status_code == 302
    assert (case.place.scope, case.place.yes_route, case.place.yes_by) == ("log", "paper", case.ane)
    assert Notice.objects.filter(recipient=case.siri.user, kind="foster_written").exists()


def test_s36_own_measures_is_what_she_is_responsible_for_and_no_more():
    case = Case()
    case.has_place()
    goal = make_goal(case.log, title="Emma sover om natten", now=NOW)
    make_measure(goal, title="Vi leser en bok hver kveld", responsible_id=case.frida.pk, now=NOW)
    make_measure(goal, title="Ane ringer skolen", now=NOW)
    other = make_goal(case.log, title="Emma har noen å leke med", now=NOW)
    make_measure(other, title="Lek hver dag", now=NOW)

    page = plain(case.gets("foster_log"))

    assert "Vi leser en bok hver kveld" in page
    assert "Emma sover om natten" in page
    assert "Ane ringer skolen" not in page
    assert "Lek hver dag" not in page
    assert "Barnevernstjenesten har sagt ja til at du leser tiltak du har ansvar for." in page


def test_s36_all_of_it_is_goals_measures_and_evaluations_when_the_yes_says_so():
    case = Case()
    case.has_place(scope="log")
    make_measure(make_goal(case.log, now=NOW), title="Ane ringer skolen", now=NOW)

    page = plain(case.gets("foster_log"))

    assert "Ane ringer skolen" in page
    assert "Barnevernstjenesten har sagt ja til at du leser mål, tiltak og evalueringer." in page


def test_s36_no_page_of_another_is_hers():
    case = Case()
    client = case.has_place(scope="log")

    for name in (
        *OF_PARENTS,
        "family_download",
        "family_close",
        "family_correct",
        "detail",
        "plan",
        "messages",
        "history",
    ):
        assert client.get(page_of(name, case.log.pk)).status_code == 404, name
    for user in (case.mother.user, case.siri.user, case.ane):
        assert case.gets("foster_log", user).status_code == 404
        assert case.gets("foster_messages", user).status_code == 404


def test_s36_she_is_never_asked_and_never_a_guardian():
    case = Case()
    case.has_place()

    ask_consent(case.log.pk, unit_ids=[make_unit("PPT", kind="ppt").pk], actor=case.ane, now=NOW)

    assert not Consent.objects.filter(guardian=case.place.guardian).exists()
    with pytest.raises(Guardian.DoesNotExist):
        guardians.confirm_responsibility(case.log.pk, case.place.guardian_id, how="register", actor=case.ane, now=NOW)
    check = page_of("guardian_check", case.log.pk, case.place.guardian_id)
    assert signed_in(case.ane).get(check).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        change(case.place.guardian, responsibility=Responsibility.CONFIRMED)


def test_s36_the_parents_meet_the_same_bytes_when_she_is_hidden():
    case = Case()
    goal = make_goal(case.log, title="Emma sover om natten", now=NOW)
    measure = make_measure(goal, title="Vi leser en bok hver kveld", now=NOW)
    shared = make_measure(goal, title="Vi ringes hver uke", responsible_id=case.mother.user_id, now=NOW)
    reminded = Notice.objects.filter(recipient=case.mother.user).count()
    before = case.pages_of(case.mother.user)

    # By the service: that the holder opens a page is told to the parents, whatever she does there (S16).
    foster.record_foster(case.log.pk, Foster(NAME, scope="log"), actor=case.ane, now=NOW)
    change(case.place.guardian, national_id_index=case.frida.national_id_index, birth_date_confirmed_at=NOW)
    assert case.says("log").status_code == 302
    client = signed_in(case.frida)
    measure.responsible = case.frida
    measure.save()
    shared.others = f"{USER}{case.frida.pk}"
    shared.save()
    client.get(page_of("foster_log", case.log.pk))
    sent = client.post(page_of("foster_messages", case.log.pk), {"text": "Hun sover bedre nå."})
    assert sent.status_code == 302
    thread = {"audience": Audience.HOLDER, "thread_guardian_id": case.place.guardian_id}
    write_message(case.log.pk, text="Takk for det.", actor=case.ane, now=NOW, **thread)
    after = case.pages_of(case.mother.user)

    assert after == before
    assert Notice.objects.filter(recipient=case.mother.user).count() == reminded
    for user in (case.mother.user, case.father.user):
        assert not any(NAME in page or "osterforelder" in page for page in case.pages_of(user).values())


def test_s36_the_parents_read_her_name_where_the_decision_hides_nothing_and_not_after_it_does():
    case = Case()
    case.has_place(hidden="nei")

    assert f"Fosterforelder: {NAME}" in plain(case.gets("family_people", case.mother.user))
    hide = page_of("foster_hidden", case.log.pk, case.place.pk)
    assert signed_in(case.ane).post(hide, {"skjult": "ja"}).status_code == 302

    assert NAME not in plain(case.gets("family_people", case.mother.user))
    assert NAME not in plain(case.gets("participants", case.ane))


def test_s36_what_she_writes_is_for_the_holder_and_a_parents_private_part_is_not_hers():
    case = Case()
    client = case.has_place(hidden="nei", scope="log")
    private = write_message(case.log.pk, text="Bare til Ane", audience=Audience.HOLDER, actor=case.mother.user, now=NOW)
    write_message(case.log.pk, text="Til oss alle", audience=Audience.ALL, actor=case.mother.user, now=NOW)

    assert client.post(page_of("foster_messages", case.log.pk), {"text": "Fra fosterhjemmet"}).status_code == 302

    written = Message.objects.get(thread_guardian=case.place.guardian)
    assert (written.audience, written.author_line) == (Audience.HOLDER, "Fosterforelder")
    page = plain(client.get(page_of("foster_messages", case.log.pk)))
    assert "Til oss alle" in page
    assert "Bare til Ane" not in page
    assert private.thread_guardian == case.mother
    assert f"Fosterforelder: {NAME}" in plain(case.gets("family_messages", case.mother.user))  # named among the readers
    with pytest.raises(RuleBroken):
        write_message(case.log.pk, text="Til alle", audience=Audience.ALL, actor=case.frida, now=NOW)


def test_s36_hidden_she_does_not_read_what_is_written_to_all():
    case = Case()
    client = case.has_place(scope="log")
    write_message(case.log.pk, text="Til oss alle", audience=Audience.ALL, actor=case.mother.user, now=NOW)

    assert "Til oss alle" not in plain(client.get(page_of("foster_messages", case.log.pk)))


@pytest.mark.parametrize("end", ["placement", "place", "decision"])
def test_s36_the_place_ends_with_the_placement_in_the_next_request(end, clock):
    case = Case()
    case.has_place()
    assert case.gets("foster_log").status_code == 200

    if end == "placement":
        decision = CareDecision.objects.get()
        page = page_of("end_care", case.log.pk, decision.pk)
        assert signed_in(case.ane).post(page, {"reason": "returned"}).status_code == 302
    elif end == "place":
        assert signed_in(case.ane).post(page_of("foster_end", case.log.pk, case.place.pk)).status_code == 302
    else:
        clock.move_to(end_of_day(UNTIL))

    assert case.gets("foster_log").status_code == 404
    assert case.gets("foster_messages").status_code == 404
    children = plain(signed_in(case.frida).get(page_of("children")))
    assert "fosterforelder" not in children
    assert "Du har ingenting å svare på her nå." in children


def test_s36_without_a_decision_nobody_is_a_foster_parent():
    case = Case()
    signed_in(case.ane).post(page_of("end_care", case.log.pk, CareDecision.objects.get().pk), {"reason": "returned"})

    response = case.add()

    assert response.status_code == 422
    assert "Skriv inn vedtaket om omsorgen først." in plain(response)
    assert not FosterPlace.objects.exists()


def test_s36_a_parent_is_not_a_foster_parent_of_her_own_child():
    case = Case()

    assert case.add(name="Mari Vik").status_code == 422
    assert not FosterPlace.objects.exists()


def test_s36_she_is_linked_by_a_code_for_the_place_once_child_welfare_has_said_yes():
    case = Case()
    case.add()
    foster_parent = case.place.guardian
    change(foster_parent, national_id_index="")
    case.frida.national_id_index = blind_index(PERSON, "another way in")
    case.frida.save()

    with pytest.raises(RuleBroken):
        links.make_code(case.log.pk, foster_parent.pk, actor=case.ane, now=NOW)
    case.says("measures")
    code = links.make_code(case.log.pk, foster_parent.pk, actor=case.ane, now=NOW)
    assert links.use_code(code, actor=case.frida, now=NOW)
    links.confirm_code(case.log.pk, foster_parent.place_codes.get().pk, actor=case.ane, now=NOW)
    assert access.visible_logs(case.frida).filter(pk=case.log.pk).exists()
    links.cut_link(case.log.pk, foster_parent.pk, reason="wrong_person", actor=case.ane, now=NOW)
    assert not access.visible_logs(case.frida).exists()


def test_s36_her_first_page_says_whose_foster_parent_she_is_and_it_is_written_that_she_looked():
    case = Case()
    client = case.has_place()

    page = plain(client.get(page_of("children")))
    client.get(page_of("foster_log", case.log.pk))

    assert "Du er fosterforelder" in page
    assert page_of("foster_log", case.log.pk) in page
    seen = ReadEvent.objects.filter(actor_id=case.frida.pk, log_id=case.log.pk)
    assert {(event.side, event.what) for event in seen} == {("foster", "children"), ("foster", "overview")}


def test_s36_she_is_told_of_an_answer_in_words_that_name_nobody():
    case = Case()
    case.has_place()
    thread = {"audience": Audience.HOLDER, "thread_guardian_id": case.place.guardian_id}

    write_message(case.log.pk, text="Møtet er flyttet.", actor=case.ane, now=timezone.now(), **thread)

    told = Notice.objects.filter(recipient=case.frida)
    assert [(notice.kind, notice.url_name) for notice in told] == [("message_family", "stafettlogg:foster_messages")]
    assert "Møtet er flyttet." in plain(case.gets("foster_messages"))


def test_s18_an_employee_who_becomes_a_foster_parent_has_no_role_in_the_log():
    case = Case()
    berit = make_employee(case.own, name="Berit Foss")
    berit.national_id_index = blind_index(PERSON, "berit")
    berit.save()
    case.add(name="Berit Foss")
    change(Guardian.objects.get(relation=Relation.FOSTER), national_id_index=berit.national_id_index)

    assert access.is_disqualified(berit, case.child)


def test_s36_a_parents_withdrawal_is_written_down_and_stops_nothing_while_child_welfare_answers():
    case = Case()
    client = signed_in(case.father.user)

    page = plain(client.get(page_of("withdraw_all", case.log.pk)))
    assert "Andre svarer for barnet nå." in page
    assert "Ingen tjenester kan lese" not in page
    assert client.post(page_of("withdraw_all", case.log.pk)).status_code == 302

    assert Consent.objects.filter(guardian=case.father, state=ConsentState.WITHDRAWN).exists()
    assert case.log.windows.get(unit=case.own).is_open(NOW)
    assert signed_in(case.ane).get(page_of("plan", case.log.pk)).status_code == 200
    receipt = plain(client.get(page_of("withdrawn", case.log.pk), follow=True))
    assert "kan fortsatt lese stafettloggen." in receipt
    assert "Får du svare igjen, spør vi deg på nytt." in receipt


def test_s36_when_the_care_is_given_back_the_one_who_withdrew_is_asked_too():
    case = Case()
    signed_in(case.father.user).post(page_of("withdraw_all", case.log.pk))

    signed_in(case.ane).post(page_of("end_care", case.log.pk, CareDecision.objects.get().pk), {"reason": "returned"})

    waiting = Consent.objects.filter(log=case.log, state=ConsentState.WAITING)
    assert {row.guardian for row in waiting} == {case.mother, case.father}
    assert signed_in(case.ane).get(page_of("plan", case.log.pk)).status_code == 403


def test_s36_a_parent_in_whose_place_child_welfare_answers_leaves_and_closes_nothing():
    case = Case()

    page = plain(signed_in(case.father.user).get(page_of("family_close", case.log.pk)))
    assert "Andre svarer for barnet nå, så delingen fortsetter." in page
    ask = {"call": "no", "understood": "on"}
    assert signed_in(case.father.user).post(page_of("family_close_all", case.log.pk), ask).status_code == 302

    case.log.refresh_from_db()
    assert not case.log.is_closing
    assert signed_in(case.ane).get(page_of("plan", case.log.pk)).status_code == 200
    assert case.gets("parent_log", case.father.user).status_code == 404
    assert case.gets("parent_log", case.mother.user).status_code == 200
