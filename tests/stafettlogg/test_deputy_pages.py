"""A deputy for an absent holder, from the leader's page to the colleague's answer, through the whole stack."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.notifications.models import Notice
from apps.stafettlogg.enums import AccessKind, DeputyState, LogStatus
from apps.stafettlogg.models import Deputy, LogAccess
from apps.stafettlogg.services import deputies
from tests.factories import make_absence, make_coordinator, make_leader
from tests.markup import markup
from tests.stafettlogg.factories import make_child, make_employee, make_guardian, make_log, make_participant, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit("Solbakken barnehage")


@pytest.fixture
def leader(unit):
    return make_leader(unit, name="Lars Bakken")


@pytest.fixture
def ane(unit):
    return make_employee(unit, name="Ane Solheim", title="Barnehagelærer")


@pytest.fixture
def log(unit):
    return make_log(holder=make_employee(unit, name="Hanne Lund"), child=make_child("Oda", "Berg"))


def today(days=0):
    return timezone.localdate() + timezone.timedelta(days=days)


def get(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"stafettlogg:{name}", args=args))


def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"stafettlogg:{name}", args=args), data)


def written(person, first=0, last=5, **more):
    return {
        "form_key": str(uuid.uuid4()),
        "person": person.membership.pk,
        "first_day": today(first).isoformat(),
        "last_day": today(last).isoformat(),
        **more,
    }


def appoint(log, person, leader, first=0, last=5):
    return deputies.appoint_deputy(
        log.pk,
        membership=person.membership,
        first_day=today(first),
        last_day=today(last),
        actor=leader,
        now=timezone.now(),
    )


def test_journey_from_absent_holder_to_deputy(client, log, leader, ane):
    make_absence(log.holder.user, first_day=today(-2), last_day=today(5))
    page = markup(get(client, leader, "leader"))
    assert "Velg vikar for stafettholderen til Oda" in page

    form = get(client, leader, "deputy_new", log.pk)
    assert form.context["form"]["first_day"].value() == today()
    assert form.context["form"]["last_day"].value() == today(5)
    assert "Ane Solheim, Barnehagelærer" in markup(form)

    data = written(ane)
    check = markup(post(client, leader, "deputy_new", log.pk, **data))
    assert "Ane Solheim" in check
    assert "Familien får beskjed" in check
    assert "Ane Solheim må si ja" in check
    assert not Deputy.objects.exists()

    sent = post(client, leader, "deputy_new", log.pk, **data, svar="send")
    assert sent.url == reverse("stafettlogg:leader")
    page = markup(client.get(sent.url))
    assert "Venter på Ane Solheim" in page
    assert "Velg vikar for stafettholderen til Oda" not in page

    (deputy,) = Deputy.objects.all()
    asked = markup(get(client, ane, "deputy_answer", deputy.pk))
    assert "Dette tar du over" in asked
    assert "Berg" not in asked
    assert post(client, ane, "deputy_answer", deputy.pk, svar="ja").url == reverse("stafettlogg:detail", args=[log.pk])
    assert client.get(reverse("stafettlogg:detail", args=[log.pk])).status_code == 200
    assert LogAccess.objects.filter(user=ane, kind=AccessKind.DEPUTY).exists()
    assert "Ane Solheim" in markup(get(client, leader, "leader"))


def test_the_same_form_sent_twice_asks_once(client, log, leader, ane):
    data = written(ane, svar="send")

    first, second = (post(client, leader, "deputy_new", log.pk, **data) for _ in range(2))

    assert (first.status_code, second.url) == (302, first.url)
    assert Deputy.objects.count() == 1
    assert Notice.objects.filter(recipient=ane, kind="deputy_asked").count() == 1


def test_change_leads_back_to_the_form_as_it_was_written(client, log, leader, ane):
    answer = post(client, leader, "deputy_new", log.pk, **written(ane, 1, 3, svar="endre"))

    assert answer.status_code == 200
    assert answer.context["form"]["first_day"].value() == today(1).isoformat()
    assert not Deputy.objects.exists()


@pytest.mark.parametrize(("first", "last"), [(5, 2), (-5, -2)])
def test_days_turned_around_or_past_are_said_at_the_field(client, log, leader, ane, first, last):
    answer = post(client, leader, "deputy_new", log.pk, **written(ane, first, last))

    assert answer.status_code == 422
    assert "last_day" in answer.context["form"].errors


def test_second_deputy_for_the_same_days_is_refused_with_words(client, log, leader, ane, unit):
    appoint(log, ane, leader)

    answer = post(client, leader, "deputy_new", log.pk, **written(make_employee(unit), svar="send"))

    assert answer.status_code == 422
    assert "Noen andre er allerede spurt" in markup(answer)


def test_only_colleagues_who_are_not_family_can_be_chosen(client, log, leader, ane, unit):
    outsider, mother = make_employee(), make_employee(unit, name="Mor Berg", national_id_index="b" * 64)
    make_guardian(log.child, user=False, national_id_index="b" * 64)

    page = markup(get(client, leader, "deputy_new", log.pk))

    assert "Ane Solheim" in page
    for place in (outsider.membership, mother.membership, log.holder.membership):
        assert str(place.pk) not in page
        data = written(ane, svar="send") | {"person": place.pk}
        assert post(client, leader, "deputy_new", log.pk, **data).status_code == 422
    assert not Deputy.objects.exists()


def test_name_of_a_colleague_with_protected_identity_is_not_shown(client, log, leader, unit):
    hidden = make_employee(unit, name="Skjult Navn", title="Assistent", protected_identity=True)

    page = markup(get(client, leader, "deputy_new", log.pk))
    check = markup(post(client, leader, "deputy_new", log.pk, **written(hidden)))

    assert "Assistent" in page
    for shown in (page, check):
        assert "Skjult" not in shown


def test_there_is_no_field_for_a_cause(client, log, leader):
    form = get(client, leader, "deputy_new", log.pk).context["form"]

    assert {field.name for field in form.visible_fields()} == {"person", "first_day", "last_day"}


def test_others_cannot_appoint(client, log, ane):
    missing = get(client, ane, "deputy_new", uuid.uuid4())
    for user in (ane, make_leader(), make_coordinator(), log.guardians[0].user):
        for answer in (
            get(client, user, "deputy_new", log.pk),
            post(client, user, "deputy_new", log.pk, **written(ane, svar="send")),
        ):
            assert (answer.status_code, answer.content) == (404, missing.content)
    assert not Deputy.objects.exists()


def test_leader_of_a_unit_that_only_takes_part_cannot_appoint(client, log, ane):
    school = make_unit("Fjordgata skole")
    make_participant(log, school)

    assert get(client, make_leader(school), "deputy_new", log.pk).status_code == 403


def test_a_request_has_no_deputy(client, leader, unit):
    request = make_log(status=LogStatus.REQUESTED, holder=make_employee(unit))

    assert get(client, leader, "deputy_new", request.pk).status_code == 404


def test_only_the_one_who_is_asked_meets_the_question(client, log, leader, ane, unit):
    deputy = appoint(log, ane, leader)

    missing = get(client, ane, "deputy_answer", uuid.uuid4())
    for user in (leader, make_employee(unit), log.holder.user, log.guardians[0].user):
        for answer in (
            get(client, user, "deputy_answer", deputy.pk),
            post(client, user, "deputy_answer", deputy.pk, svar="ja"),
        ):
            assert (answer.status_code, answer.content) == (404, missing.content)
    deputy.refresh_from_db()
    assert deputy.state == DeputyState.OFFERED


def test_reading_the_question_stands_in_the_read_audit(client, log, leader, ane):
    deputy = appoint(log, ane, leader)

    get(client, ane, "deputy_answer", deputy.pk)

    (read,) = ReadEvent.objects.filter(actor_id=ane.pk)
    assert (read.log_id, read.action, read.ground) == (log.pk, "listed", "offered")


def test_no_needs_no_reason_and_tells_the_leader(client, log, leader, ane):
    deputy = appoint(log, ane, leader)

    answer = post(client, ane, "deputy_answer", deputy.pk, svar="nei")

    assert answer.url == reverse("portal:start")
    deputy.refresh_from_db()
    assert deputy.state == DeputyState.DECLINED
    assert Notice.objects.filter(recipient=leader, kind="deputy_declined").exists()
    assert "Velg vikar" in markup(get(client, leader, "leader"))


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_answered_question_leads_to_the_start_page(client, log, leader, ane, method):
    deputy = appoint(log, ane, leader)
    deputies.decline_deputy(deputy.pk, actor=ane, now=timezone.now())
    client.force_login(ane)

    answer = getattr(client, method)(reverse("stafettlogg:deputy_answer", args=[deputy.pk]), {"svar": "ja"})

    assert answer.url == reverse("portal:start")
    deputy.refresh_from_db()
    assert deputy.state == DeputyState.DECLINED


def test_yes_to_coming_days_opens_nothing_yet(client, log, leader, ane):
    deputy = appoint(log, ane, leader, 3, 5)

    assert post(client, ane, "deputy_answer", deputy.pk, svar="ja").url == reverse("portal:start")
    assert get(client, ane, "detail", log.pk).status_code == 404


@pytest.mark.parametrize("accepted", [True, False])
def test_leader_takes_it_back(client, log, leader, ane, accepted):
    deputy = appoint(log, ane, leader)
    if accepted:
        deputies.accept_deputy(deputy.pk, actor=ane, now=timezone.now())

    assert "Ane Solheim" in markup(get(client, leader, "deputy_end", deputy.pk))
    assert post(client, leader, "deputy_end", deputy.pk).url == reverse("stafettlogg:leader")

    deputy.refresh_from_db()
    assert deputy.state == DeputyState.ENDED
    assert get(client, ane, "detail", log.pk).status_code == 404


def test_holder_who_is_back_ends_it_herself(client, log, leader, ane):
    deputy = appoint(log, ane, leader)
    deputies.accept_deputy(deputy.pk, actor=ane, now=timezone.now())

    answer = post(client, log.holder.user, "deputy_end", deputy.pk)

    assert answer.url == reverse("stafettlogg:detail", args=[log.pk])
    deputy.refresh_from_db()
    assert deputy.state == DeputyState.ENDED


def test_others_cannot_end_it(client, log, leader, ane, unit):
    deputy = appoint(log, ane, leader)
    deputies.accept_deputy(deputy.pk, actor=ane, now=timezone.now())

    for user in (ane, make_employee(unit), make_leader(), log.guardians[0].user):
        assert get(client, user, "deputy_end", deputy.pk).status_code == 404
        assert post(client, user, "deputy_end", deputy.pk).status_code == 404
    deputy.refresh_from_db()
    assert deputy.state == DeputyState.ACCEPTED


def test_notices_lead_to_pages_that_are_there(client, log, leader, ane):
    deputy = appoint(log, ane, leader)
    deputies.accept_deputy(deputy.pk, actor=ane, now=timezone.now())

    for notice in Notice.objects.filter(kind__startswith="deputy"):
        assert reverse(notice.url_name, args=[notice.object_id] if notice.object_id else [])
