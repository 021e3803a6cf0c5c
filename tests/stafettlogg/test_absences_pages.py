"""Away: one form for the days and for who stands in, in each log, and what is asked of whom (safety.md S20)."""

import uuid

import pytest
from django.utils import timezone

from apps.accounts.models import Absence
from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg.enums import DeputyState
from apps.stafettlogg.models import Deputy
from apps.stafettlogg.services import deputies
from tests.factories import make_absence, make_coordinator, make_leader, make_membership
from tests.markup import markup
from tests.stafettlogg.absences import asked, day, field_of, get, send, url_of
from tests.stafettlogg.factories import (
    make_child,
    make_employee,
    make_guardian,
    make_log,
    make_unit,
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
