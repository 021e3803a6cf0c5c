"""The request form, its receipt and the paper route, as an employee meets them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.models import Draft
from apps.municipality.enums import UnitKind
from apps.portal.seeding.ids import synthetic_id
from apps.stafettlogg.models import Child, Guardian, Log, RepeatRequest
from tests.core.sending import hidden_in
from tests.factories import make_citizen, make_employee, make_leader, make_membership, make_municipality, make_unit
from tests.stafettlogg.factories import BORN, make_consent_text
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db
NOBODY = {f"g{number}_{name}": "" for number in (1, 2) for name in ("name", "relation", "responsibility")}
SOON = str(timezone.localdate() + timedelta(days=100))


@pytest.fixture
def employee():
    make_municipality()
    make_consent_text()
    employee = make_employee(name="Ane Solheim")
    make_leader(employee.membership.unit)
    return employee


def typed(employee, **changes):
    """A full form about Emma with two guardians."""
    fields = {
        "given_name": "Emma",
        "family_name": "Vik",
        "birth_date": "04.05.2021",
        "address_protection": "none",
        "holder": str(employee.membership.pk),
        "g1_name": "Mari Vik",
        "g1_relation": "mother",
        "g1_responsibility": "register",
        "g1_language": "nb",
        "g2_name": "Ola Berg",
        "g2_relation": "father",
        "g2_responsibility": "unchecked",
        "g2_language": "so",
        "g2_needs_interpreter": "on",
    }
    return {**fields, **changes}


def send(employee, **changes):
    return signed_in(employee).post(reverse("stafettlogg:request"), typed(employee, **changes))


def test_form_makes_a_request_and_leads_to_the_receipt(employee):
    unit = make_unit("PP-tjenesten")

    response = send(employee, services=[str(unit.pk)])

    log = Log.objects.get()
    assert response.url == page_of("request_receipt", log.pk)
    assert list(Guardian.objects.order_by("name").values_list("name", "responsibility", "language")) == [
        ("Mari Vik", "confirmed", "nb"),
        ("Ola Berg", "unchecked", "so"),
    ]
    assert {row.unit for row in log.consents.select_related("unit")} == {log.unit, unit}


def test_second_press_makes_nothing_more(employee):
    client = signed_in(employee)
    key = "7d5a4b2e-8f5b-4d7c-9a55-1c2f3e4d5a6b"

    first = client.post(reverse("stafettlogg:request"), typed(employee, form_key=key))
    second = client.post(reverse("stafettlogg:request"), typed(employee, form_key=key))

    assert (first.url, Log.objects.count(), RepeatRequest.objects.count()) == (second.url, 1, 0)


def test_receipt_is_the_askers_own(employee):
    url = send(employee).url

    assert signed_in(make_employee()).get(url).status_code == 404
    assert signed_in(make_citizen()).get(url).status_code == 403


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"birth_date": ""}, "Skriv fødselsdatoen"),
        ({"expected_day": SOON}, "Skriv fødselsdatoen"),
        ({"given_name": ""}, "Skriv navnet på barnet"),
        ({"given_name": "", "birth_date": ""}, "Skriv navnet på barnet"),
        ({"g1_name": "", "g2_name": ""}, "Skriv navnet på foresatt 1"),
        (NOBODY, "Skriv minst én foresatt."),
        ({"given_name": "", "birth_date": "", "expected_day": SOON}, "Velg «Gravid»"),
        ({"g2_relation": ""}, "Velg hvilken relasjon foresatt 2"),
        ({"g1_responsibility": "unchecked"}, "Ingen kan svare for barnet ennå"),
        ({"g3_email": "x@solvik.example"}, "Skriv navnet på foresatt 3"),
        ({"national_id": "123"}, "11 siffer"),
        ({"given_name": f"Emma {synthetic_id(BORN, 3).digits}"}, "fødselsnummer"),
        ({"birth_date": "04.05.1990"}, "til og med 24 år"),
        ({"birth_date": "", "given_name": "", "expected_day": "2031-01-01"}, "Datoen kan ikke være etter"),
    ],
)
def test_form_says_what_is_missing(employee, changes, words):
    response = send(employee, **changes)

    assert response.status_code == 422
    assert (words in response.content.decode(), Log.objects.count(), Child.objects.count()) == (True, 0, 0)


def test_pregnant_woman_needs_no_name_of_the_child(employee):
    changes = {"given_name": "", "family_name": "", "birth_date": "", "expected_day": SOON}
    only_one = {"g2_name": "", "g2_relation": "", "g2_responsibility": "", "g2_needs_interpreter": ""}

    response = send(employee, **changes, **only_one, g1_relation="pregnant")

    assert (response.status_code, Log.objects.get().child.is_expected) == (302, True)


def test_strict_protection_leads_to_paper(employee):
    response = send(employee, address_protection="strict")

    assert "Bruk papir for dette barnet" in response.content.decode()
    assert not Draft.objects.exists()
    assert (Log.objects.count(), Child.objects.count()) == (0, 0)


def test_holder_is_chosen_in_any_of_the_askers_units(employee):
    second = make_unit("Helsestasjonen")
    make_leader(second)
    make_membership(employee, second)
    colleague = make_employee(second, name="Ingrid Moe")

    response = send(employee, holder=str(colleague.membership.pk))

    assert response.status_code == 302
    assert (Log.objects.get().unit, Log.objects.get().holder.user) == (second, colleague)


def test_job_title_is_written_as_the_unit_wrote_it(employee):
    employee.membership.title = "PP-rådgiver"
    employee.membership.save(update_fields=["title"])

    page = signed_in(employee).get(f"{reverse('stafettlogg:request')}?side=3").content.decode()

    assert f"Ane Solheim, PP-rådgiver i {employee.membership.unit.name}" in page


def test_stranger_cannot_be_chosen_as_holder(employee):
    response = send(employee, holder=str(make_employee().membership.pk))

    assert (response.status_code, Log.objects.count()) == (422, 0)


def test_draft_comes_back(employee):
    client = signed_in(employee)
    page = client.get(reverse("stafettlogg:request"))
    mark = page.context["form"]["form_mark"].value()

    client.post(reverse("core:save_draft"), typed(employee, form_mark=mark))
    again = client.get(reverse("stafettlogg:request"))

    assert again.context["form"]["g2_name"].value() == "Ola Berg"
    assert Log.objects.count() == 0


def test_unit_outside_the_pilot_and_citizens_cannot_ask():
    make_municipality()

    for person in (make_employee(make_unit(switched_on_day=None)), make_citizen()):
        assert signed_in(person).get(reverse("stafettlogg:request")).status_code == 403


def test_sent_requests_are_listed_without_names(employee):
    send(employee)

    page = signed_in(employee).get(reverse("stafettlogg:request")).content.decode()

    assert ("Forespørsler du har sendt" in page, "Emma" in page, "Mari Vik" in page) == (True, False, False)


# Four pages ---------------------------------------------------------------------------------------------------------

PAGE = reverse("stafettlogg:request")
CHILD = {"given_name": "Emma", "family_name": "Vik", "birth_date": "04.05.2021", "address_protection": "none"}


def turn(client, here, to, **typed):
    """Press «Neste» or «Forrige» as a browser does: with the page's own fields, and what it carries."""
    page = client.get(f"{PAGE}?side={here}")
    return client.post(PAGE, hidden_in(page) | typed | {"side": str(here), "til": str(to)})


def test_pages_carry_what_was_written_and_nothing_is_made_before_it_is_sent(employee):
    unit = make_unit("PP-tjenesten")
    client = signed_in(employee)
    guardian = {name: value for name, value in typed(employee).items() if name.startswith("g1_")}

    turns = [
        turn(client, 1, 2, **CHILD),
        turn(client, 2, 3, **guardian),
        turn(client, 3, 4, holder=str(employee.membership.pk), services=[str(unit.pk)]),
    ]
    page = client.get(f"{PAGE}?side=4")
    before = (Log.objects.count(), Child.objects.count())
    sent = [client.post(PAGE, hidden_in(page)) for _press in range(2)]

    assert [answer.url for answer in turns] == [f"{PAGE}?side={number}" for number in (2, 3, 4)]
    for words in ("Emma", "04.05.2021", "Mari Vik", "Mor", "Ane Solheim", "PP-tjenesten"):
        assert words in page.content.decode()
    assert (before, Log.objects.count(), RepeatRequest.objects.count()) == ((0, 0), 1, 0)
    assert {answer.url for answer in sent} == {page_of("request_receipt", Log.objects.get().pk)}
    assert not Draft.objects.exists()


@pytest.mark.parametrize(("sent", "looked"), [({}, False), ({"no_others": "on"}, True)])
def test_s29_whether_the_register_shows_others_stands_with_the_request(employee, sent, looked):
    client = signed_in(employee)
    guardian = {name: value for name, value in typed(employee).items() if name.startswith("g1_")}

    turn(client, 1, 2, **CHILD)
    turn(client, 2, 3, **guardian, **sent)
    turn(client, 3, 4, holder=str(employee.membership.pk))
    look_over = client.get(f"{PAGE}?side=4")
    client.post(PAGE, hidden_in(look_over))

    log = Log.objects.get()
    found = (log.no_others_day, log.no_others_by)
    assert found == ((timezone.localdate(), employee) if looked else (None, None))
    words = "Folkeregisteret viser ingen andre med foreldreansvar"
    assert (words in look_over.content.decode()) is looked


def test_each_page_says_only_what_is_wrong_on_it(employee):
    client = signed_in(employee)

    child = turn(client, 1, 2, given_name="Emma")
    turn(client, 1, 2, **CHILD)
    back = turn(client, 2, 1, g1_name="Mari")
    guardians = turn(client, 2, 3, g1_name="Mari")

    assert (child.status_code, "Skriv fødselsdatoen" in child.text, "minst én foresatt" in child.text) == (
        422,
        True,
        False,
    )
    assert (back.status_code, back.url) == (302, f"{PAGE}?side=1")
    assert (guardians.status_code, "Velg hvilken relasjon foresatt 1" in guardians.text) == (422, True)
    assert 'name="given_name" value="Emma"' in guardians.text


def test_draft_opens_on_the_first_page_and_goes_along(employee):
    client = signed_in(employee)
    turn(client, 1, 2, **CHILD)
    turn(client, 2, 1, g1_name="Mari Vik")

    page = client.get(PAGE).text

    assert "Steg 1 av 4" in page
    assert "Vi har hentet fram det du skrev" in page
    assert 'name="g1_name" value="Mari Vik"' in page
    assert "Vi har hentet fram det du skrev" not in client.get(f"{PAGE}?side=2").text


def test_s17_nothing_is_kept_of_a_child_with_a_strictly_confidential_address(employee):
    client = signed_in(employee)
    turn(client, 1, 2, **CHILD)
    page = client.get(f"{PAGE}?side=1")
    strict = hidden_in(page) | CHILD | {"address_protection": "strict", "side": "1"}

    by_itself = client.post(reverse("core:save_draft"), strict, headers={"X-Autosave": "1"})
    kept = Draft.objects.count()
    by_hand = client.post(reverse("core:save_draft"), strict)
    turned = client.post(PAGE, strict | {"til": "2"})

    assert (by_itself.status_code, kept, by_hand.status_code) == (413, 0, 413)
    assert "Bruk papir for dette barnet" in turned.text
    assert not Draft.objects.exists()


def test_s17_where_the_municipality_has_opened_for_it_the_pages_go_on(employee):
    make_municipality(strictly_confidential_digital=True)

    answer = turn(signed_in(employee), 1, 2, **(CHILD | {"address_protection": "strict"}))

    assert answer.url == f"{PAGE}?side=2"


def test_number_is_plainly_asked_for_and_an_address_is_said_not_to_be_enough(employee):
    page = signed_in(employee).get(f"{PAGE}?side=2").text

    assert page.split("Foresatt 2")[0].count("<summary") == 1  # «Vis alle steg»
    assert "E-post er ikke nok." in page


def test_s26_health_personnel_can_write_down_that_the_youth_answers_alone():
    make_municipality()
    nurse = make_employee(make_unit("Skolehelsetjenesten", kind=UnitKind.SCHOOL_HEALTH))

    assert "Svarer ungdommen alene?" in signed_in(nurse).get(PAGE).text


def test_few_of_the_sent_requests_are_shown(employee):
    for name in "ABCDEFG":
        send(employee, given_name=name)

    page = signed_in(employee).get(PAGE).text

    assert page.count(reverse("stafettlogg:request") + "kvittering/") == 5
    assert "Se alle (7)" in " ".join(page.split())
