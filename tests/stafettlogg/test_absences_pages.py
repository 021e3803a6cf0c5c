"""Away: one form for the days and for who stands in, in each log, and what comes of it (safety.md S20)."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Absence
from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg.enums import ConsentScope, DeputyState
from apps.stafettlogg.models import ConsentWindow, Deputy, LogAccess
from apps.stafettlogg.services import deputies
from tests.factories import make_absence, make_coordinator, make_leader, make_membership
from tests.markup import markup
from tests.stafettlogg.factories import (
    make_child,
    make_citizen,
    make_employee,
    make_guardian,
    make_log,
    make_participant,
    make_unit,
    open_window,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit("Solbakken barnehage")


@pytest.fixture
def leader(unit):
    return make_leader(unit, name="Lars Bakken")


@pytest.fixture
def hanne(unit):
    return make_employee(unit, name="Hanne Lund")


@pytest.fixture
def ane(unit):
    return make_employee(unit, name="Ane Solheim", title="Barnehagelærer")


@pytest.fixture
def mona(unit):
    return make_employee(unit, name="Mona Lie")


@pytest.fixture
def log(hanne):
    return make_log(holder=hanne, child=make_child("Oda", "Berg"))


def day(number=0):
    return timezone.localdate() + timezone.timedelta(days=number)


def url_of(name, *args):
    return reverse(f"stafettlogg:{name}", args=args)


def get(client, user, name, *args):
    client.force_login(user)
    return client.get(url_of(name, *args))


def send(client, user, name, *args, first=1, last=5, svar="send", **more):
    client.force_login(user)
    days = {"first_day": day(first).isoformat(), "last_day": day(last).isoformat()}
    return client.post(url_of(name, *args), {"form_key": str(uuid.uuid4()), "svar": svar} | days | more)


def field_of(log):
    return f"vikar_{log.pk.hex}"


def asked():
    return {
        deputy.log.child.given_name: (deputy.membership.user.name, deputy.first_day, deputy.last_day, deputy.state)
        for deputy in Deputy.objects.select_related("log__child", "membership__user")
    }


def test_journey_from_own_days_to_a_deputy_who_says_yes(client, log, hanne, leader, ane):
    form = markup(get(client, hanne, "own_absence"))
    assert "Ane Solheim, Barnehagelærer" in form

    check = markup(send(client, hanne, "own_absence", person=ane.pk, svar=""))
    assert "Vikar for stafettholderen til Oda" in check
    assert "Ane Solheim" in check
    assert (Absence.objects.count(), Deputy.objects.count()) == (0, 0)

    sent = send(client, hanne, "own_absence", person=ane.pk)
    absence = Absence.objects.get()
    assert sent.url == url_of("absence_page", absence.pk)
    receipt = markup(client.get(sent.url))
    assert "Ane Solheim er spurt, og har ikke svart ennå." in receipt
    assert "er det fortsatt du som er stafettholder" in receipt
    assert asked() == {"Oda": ("Ane Solheim", day(1), day(5), DeputyState.OFFERED)}

    deputy = Deputy.objects.get()
    client.force_login(ane)
    client.post(url_of("deputy_answer", deputy.pk), {"svar": "ja"})
    assert "Ane Solheim har sagt ja til å være vikar." in markup(get(client, hanne, "absence_page", absence.pk))
    told = {(notice.recipient, notice.kind) for notice in Notice.objects.filter(kind__startswith="deputy")}
    assert told == {
        (ane, "deputy_asked"),
        (hanne, "deputy_in_place"),
        (leader, "deputy_accepted"),
        (log.guardians[0].user, "deputy_for_family"),
    }


def test_a_no_is_told_to_the_holder_who_asked_and_to_the_leader(client, log, hanne, leader, ane):
    send(client, hanne, "own_absence", person=ane.pk)
    deputy = Deputy.objects.get()

    client.force_login(ane)
    client.post(url_of("deputy_answer", deputy.pk), {"svar": "nei"})

    told = Notice.objects.filter(kind__startswith="deputy_declined").values_list("recipient", "kind")
    assert set(told) == {(leader.pk, "deputy_declined"), (hanne.pk, "deputy_declined_holder")}
    page = markup(get(client, hanne, "absence_page", deputy.absence_id))
    assert "Ane Solheim har takket nei. Ingen er vikar." in page
    assert url_of("deputy_new", log.pk) in page


def test_one_form_asks_for_every_log_and_another_where_one_is_chosen(client, log, hanne, ane, mona):
    make_log(holder=hanne, child=make_child("Liv", "Lie"))
    third = make_log(holder=hanne, child=make_child("Per", "Dal"))

    more = {field_of(log): mona.pk, field_of(third): "ingen"}
    send(client, hanne, "own_absence", person=ane.pk, **more)

    days = (day(1), day(5), DeputyState.OFFERED)
    assert asked() == {"Oda": ("Mona Lie", *days), "Liv": ("Ane Solheim", *days)}
    assert "Ingen er vikar." in markup(client.get(url_of("absence_page", Absence.objects.get().pk)))


def test_the_same_form_sent_twice_records_and_asks_once(client, log, hanne, ane):
    more = {"person": ane.pk, "form_key": str(uuid.uuid4())}

    first, second = (send(client, hanne, "own_absence", **more) for _press in range(2))

    assert (first.status_code, second.url) == (302, first.url)
    assert (Absence.objects.count(), Deputy.objects.count()) == (1, 1)


def test_leader_records_for_an_employee_and_asks_where_she_leads(client, log, hanne, leader, ane):
    school = make_unit("Fjordgata skole", kind=UnitKind.SCHOOL)
    make_membership(hanne, school)
    elsewhere = make_employee(school, name="Kari Strand")
    other = make_log(holder=make_employee(school), child=make_child("Liv", "Lie"))
    form = markup(get(client, leader, "absence", hanne.pk))
    assert ("Ane Solheim" in form, elsewhere.name in form) == (True, False)

    sent = send(client, leader, "absence", hanne.pk, person=ane.pk)

    assert asked() == {"Oda": ("Ane Solheim", day(1), day(5), DeputyState.OFFERED)}
    assert "Oda" in markup(client.get(sent.url))
    assert not other.deputies.exists()


def test_coordinator_records_days_and_reads_of_no_log(client, log, hanne, ane):
    coordinator = make_coordinator()

    form = get(client, coordinator, "absence", hanne.pk)
    sent = send(client, coordinator, "absence", hanne.pk, person=ane.pk)

    assert "person" not in form.context["form"].fields
    assert "Oda" not in markup(form)
    assert "Oda" not in markup(client.get(sent.url))
    assert (Absence.objects.count(), Deputy.objects.count()) == (1, 0)


def test_what_is_named_is_in_the_read_audit(client, log, hanne, leader):
    get(client, hanne, "own_absence")
    get(client, leader, "absence", hanne.pk)

    reads = ReadEvent.objects.filter(what="absence_new").order_by("pk")
    found = reads.values_list("actor_id", "log_id", "action", "ground")
    assert list(found) == [(hanne.pk, log.pk, "listed", "holder"), (leader.pk, log.pk, "listed", "led")]


def test_only_colleagues_who_are_not_family_are_offered(client, log, hanne, ane, unit):
    outsider, mother = make_employee(), make_employee(unit, name="Mor Berg", national_id_index="b" * 64)
    make_guardian(log.child, user=False, national_id_index="b" * 64)

    form = markup(get(client, hanne, "own_absence"))
    answers = [send(client, hanne, "own_absence", person=person.pk).status_code for person in (outsider, mother, hanne)]

    assert ("Ane Solheim" in form, "Mor Berg" in form) == (True, False)
    assert answers == [422] * 3
    assert (Absence.objects.count(), Deputy.objects.count()) == (0, 0)


def test_colleague_who_is_family_in_one_log_is_asked_in_the_others_alone(client, log, hanne, ane, unit):
    mother = make_employee(unit, name="Mor Berg", national_id_index="b" * 64)
    make_guardian(log.child, user=False, national_id_index="b" * 64)
    make_log(holder=hanne, child=make_child("Liv", "Lie"))

    for_all = send(client, hanne, "own_absence", person=mother.pk)
    sent = send(client, hanne, "own_absence", person=mother.pk, **{field_of(log): ane.pk})

    assert list(for_all.context["form"].errors) == [field_of(log)]
    assert sent.status_code == 302
    assert {name: line[0] for name, line in asked().items()} == {"Oda": "Ane Solheim", "Liv": "Mor Berg"}


@pytest.mark.parametrize("why", ["away", "leaves"])
def test_deputy_must_be_there_all_the_days_and_the_words_do_not_say_why(client, log, hanne, unit, why):
    other = make_employee(unit, name="Kari Strand", **({"last_day": day(3)} if why == "leaves" else {}))
    if why == "away":
        make_absence(other, first_day=day(4), last_day=day(9))

    answer = send(client, hanne, "own_absence", person=other.pk)

    assert answer.status_code == 422
    assert "kan ikke være vikar alle disse dagene" in markup(answer)
    assert not Absence.objects.filter(user=hanne).exists()


@pytest.mark.parametrize(("first", "last"), [(5, 2), (-5, -2), (1, 800)])
def test_days_that_cannot_be_are_said_at_the_field(client, hanne, first, last):
    answer = send(client, hanne, "own_absence", first=first, last=last, svar="")

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["last_day"])


def test_days_that_are_registered_already_are_refused(client, hanne):
    make_absence(hanne, first_day=day(3), last_day=day(9))

    looked_over, sent = (send(client, hanne, "own_absence", svar=svar) for svar in ("", "send"))

    assert list(looked_over.context["form"].errors) == ["last_day"]
    assert (sent.status_code, Absence.objects.count()) == (422, 1)


def test_who_is_asked_already_is_kept(client, log, hanne, leader, ane, mona):
    deputies.appoint_deputy(
        log.pk, membership=ane.membership, first_day=day(2), last_day=day(3), actor=leader, now=timezone.now()
    )

    check = markup(send(client, hanne, "own_absence", person=mona.pk, svar=""))
    send(client, hanne, "own_absence", person=mona.pk)

    assert "Ane Solheim, spurt fra før" in check
    assert asked() == {"Oda": ("Ane Solheim", day(2), day(3), DeputyState.OFFERED)}


def test_change_leads_back_to_the_form_as_it_was_written(client, log, hanne, ane):
    answer = send(client, hanne, "own_absence", person=ane.pk, svar="endre")

    assert answer.context["form"]["person"].value() == str(ane.pk)
    assert (answer.status_code, Absence.objects.count()) == (200, 0)


def test_absence_without_a_log_needs_no_deputy(client, ane):
    form = get(client, ane, "own_absence")
    sent = send(client, ane, "own_absence", first=1, last=1)

    assert {field.name for field in form.context["form"].visible_fields()} == {"first_day", "last_day"}
    page = markup(client.get(sent.url))
    assert "Ingen er spurt om å være vikar" in page
    assert page.count(f"{day(1).year}") == 1


def test_taking_the_absence_away_ends_the_deputies_at_once(client, log, hanne, ane):
    send(client, hanne, "own_absence", first=0, person=ane.pk)
    deputy = Deputy.objects.get()
    deputies.accept_deputy(deputy.pk, actor=ane, now=timezone.now())
    assert get(client, ane, "detail", log.pk).status_code == 200

    assert "Ingen er vikar på grunn av dette fraværet" in markup(
        get(client, hanne, "absence_cancel", deputy.absence_id)
    )
    client.post(url_of("absence_cancel", deputy.absence_id))

    assert get(client, ane, "detail", log.pk).status_code == 404
    deputy.refresh_from_db()
    assert (deputy.state, Absence.objects.count()) == (DeputyState.ENDED, 0)
    assert Notice.objects.filter(recipient=ane, kind="deputy_ended").count() == 1


def test_absence_is_seen_and_taken_away_by_oneself_and_those_who_look_after_one(client, hanne, leader, ane):
    absence = make_absence(hanne, first_day=day(2), last_day=day(4))
    over = make_absence(hanne, first_day=day(-4), last_day=day(-2))

    seen = {
        user.name: [get(client, user, name, absence.pk).status_code for name in ("absence_page", "absence_cancel")]
        for user in (hanne, leader, ane, make_leader(name="Annen leder"), make_citizen("Ola Vik"))
    }
    client.force_login(ane)
    refused = client.post(url_of("absence_cancel", absence.pk)).status_code
    gone = [get(client, hanne, "absence_page", over.pk).status_code, Absence.objects.count()]
    client.force_login(leader)
    back = client.post(url_of("absence_cancel", absence.pk)).url

    assert seen == {
        "Hanne Lund": [200, 200],
        "Lars Bakken": [200, 200],
        "Ane Solheim": [404, 404],
        "Annen leder": [404, 404],
        "Ola Vik": [404, 404],
    }
    assert (refused, gone, back) == (404, [404, 2], reverse("accounts:person", args=[hanne.pk]))
    assert Absence.objects.get() == over


def test_service_with_its_own_measures_is_offered_no_deputyship(client, log, hanne, ane):
    music = make_unit("Kulturskolen", kind=UnitKind.CULTURE_SCHOOL)
    teacher = make_participant(log, music)
    window = ConsentWindow.objects.get(log=log, unit=music)
    window.scope = ConsentScope.MEASURES
    window.save()

    own = get(client, teacher, "own_absence")
    form = markup(get(client, hanne, "own_absence"))

    assert "person" not in own.context["form"].fields
    assert "Oda" not in markup(own)
    assert teacher.name not in form
    answer = send(client, hanne, "own_absence", person=teacher.pk)
    assert (answer.status_code, Deputy.objects.count()) == (422, 0)


def test_a_coming_absence_is_a_task_for_the_leader_two_weeks_before(client, log, hanne, leader, ane):
    absence = make_absence(hanne, first_day=day(15), last_day=day(20))
    assert "Velg vikar for stafettholderen til Oda" not in markup(get(client, leader, "leader"))
    absence.first_day = day(14)
    absence.save()

    page = markup(get(client, leader, "leader"))
    send_days = {"first_day": day(14).isoformat(), "last_day": day(20).isoformat()}
    data = {"form_key": str(uuid.uuid4()), "person": ane.membership.pk, "svar": "send"}
    client.post(url_of("deputy_new", log.pk), data | send_days)

    assert "Velg vikar for stafettholderen til Oda" in page
    assert "Velg vikar for stafettholderen til Oda" not in markup(get(client, leader, "leader"))
    assert Deputy.objects.get().absence == Absence.objects.get()


def test_with_a_deputy_for_later_days_the_leader_may_choose_one_for_today(client, log, hanne, leader, ane):
    make_absence(hanne, first_day=day(0), last_day=day(20))
    deputies.appoint_deputy(
        log.pk, membership=ane.membership, first_day=day(10), last_day=day(20), actor=leader, now=timezone.now()
    )

    page = markup(get(client, leader, "leader"))

    assert "Venter på Ane Solheim" in page
    assert f'href="{url_of("deputy_new", log.pk)}"' in page


def test_deputy_who_has_said_yes_sees_the_coming_days(client, log, hanne, ane):
    send(client, hanne, "own_absence", first=2, last=2, person=ane.pk)
    deputy = Deputy.objects.get()
    deputies.accept_deputy(deputy.pk, actor=ane, now=timezone.now())

    client.force_login(ane)
    start = markup(client.get(reverse("portal:start")))
    page = markup(client.get(url_of("deputy_answer", deputy.pk)))

    assert "Du blir vikar for stafettholderen til Oda" in start
    assert "Du leser stafettloggen fra og med" in page
    assert get(client, ane, "detail", log.pk).status_code == 404


def test_holder_chooses_another_deputy_herself(client, log, hanne, ane):
    page = markup(get(client, hanne, "deputy_new", log.pk))
    data = {"form_key": str(uuid.uuid4()), "person": ane.membership.pk, "svar": "send"}
    days = {"first_day": day(1).isoformat(), "last_day": day(2).isoformat()}
    sent = client.post(url_of("deputy_new", log.pk), data | days)

    assert "Ane Solheim" in page
    assert sent.url == url_of("detail", log.pk)
    assert asked() == {"Oda": ("Ane Solheim", day(1), day(2), DeputyState.OFFERED)}


def test_there_is_no_field_for_a_cause(client, log, hanne, ane):
    page = markup(get(client, hanne, "own_absence"))

    names = set(re.findall(r'<(?:input|select|textarea)[^>]*name="([a-z_0-9]+)"', page))
    assert names - {"csrfmiddlewaretoken", "form_key", "form_mark", "language", "next", "version"} == {
        "first_day",
        "last_day",
        "person",
    }


def test_log_one_only_takes_part_in_and_one_in_the_shell_are_neither_named_nor_loaded(client, hanne, unit, ane):
    make_participant(make_log(child=make_child("Liv", "Lie")), unit, name="Kari Strand")
    shell = make_log(holder=hanne, child=make_child("Oskar", "Dal"))
    open_window(shell, shell.unit, days=30, basis="closing")

    for user in (hanne, LogAccess.objects.get(user__name="Kari Strand").user):
        page = get(client, user, "own_absence")
        assert (page.status_code, "Liv" in markup(page), "Oskar" in markup(page)) == (200, False, False)


@pytest.mark.parametrize("name", ["own_absence", "absence_page"])
def test_number_of_queries_is_the_same_with_1_and_10_logs(client, hanne, ane, name):
    absence = make_absence(hanne, first_day=day(1), last_day=day(4))
    args = [absence.pk] if name == "absence_page" else []
    make_log(holder=hanne)
    get(client, hanne, name, *args)
    counts = []
    for number in (1, 10):
        for extra in range(number - 1):
            made = make_log(holder=hanne, child=make_child(f"Barn {extra}"))
            deputies.appoint_deputy(
                made.pk, membership=ane.membership, first_day=day(1), last_day=day(4), actor=hanne, now=timezone.now()
            )
        with CaptureQueriesContext(connection) as found:
            client.get(url_of(name, *args))
        counts.append(len(found))

    assert counts[0] == counts[1]
