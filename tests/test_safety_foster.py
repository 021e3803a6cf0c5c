"""S36: a foster parent has a place of her own, by child welfare's yes, and the parents meet no sign of a hidden one."""

import pytest
import time_machine
from django.db import IntegrityError, transaction

from apps.core.dates import end_of_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Audience, Responsibility
from apps.stafettlogg.models import Consent, Guardian, LogAccess, Message
from apps.stafettlogg.rules.foster import Foster
from apps.stafettlogg.rules.responsible import USER
from apps.stafettlogg.services import foster, guardians
from apps.stafettlogg.services.birth_date import confirm_birth_date
from apps.stafettlogg.services.consent_questions import ask_consent
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_citizen, make_unit
from tests.fostering import NAME, NOW, OF_PARENTS, UNTIL, Case, change
from tests.stafettlogg.factories import make_goal, make_measure
from tests.stafettlogg.family_pages import page_of, plain, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        load_start_texts(now=NOW)
        yield clock


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
