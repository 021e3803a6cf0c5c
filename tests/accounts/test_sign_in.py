"""The way in: three doors, one answer to everything that is wrong, and limits that live in the database."""

import datetime
import ipaddress
import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.portal.seeding.settings import load_demo_settings
from tests.accounts.hashers import PATH, CountingHasher
from tests.factories import make_citizen, make_coordinator, make_employee, make_municipality, make_unit
from tests.markup import markup

PASSWORD = "fire ord som passer"
LOGIN = "/konto/logg-inn/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def sign_in(client, email, password=PASSWORD, **fields):
    return client.post(LOGIN, {"login": email, "password": password, **fields})


def errors_of(response):
    return response.context["form"].errors.as_data()["__all__"][0].code


def test_employee_lands_on_work_and_citizen_on_the_children(client):
    make_employee(email="ane@solvik.example", password=PASSWORD)
    make_citizen(email="ola@solvik.example", password=PASSWORD)

    work = sign_in(client, "ane@solvik.example", dor="ansatt")
    client.post(reverse("account_logout"))
    home = sign_in(client, "ola@solvik.example", dor="foreldre")

    assert [work.url, home.url] == [reverse("portal:start"), reverse("stafettlogg:children")]


def test_sign_in_ignores_case_and_spaces_of_the_address(client):
    make_employee(email="ane@solvik.example", password=PASSWORD)

    assert sign_in(client, "  Ane@Solvik.example ").status_code == 302


def test_sign_in_goes_to_the_page_asked_for_but_never_elsewhere(client):
    make_employee(email="ane@solvik.example", password=PASSWORD)

    inside = sign_in(client, "ane@solvik.example", next="/varsler/")
    client.post(reverse("account_logout"))
    outside = sign_in(client, "ane@solvik.example", next="https://example.org/")

    assert [inside.url, outside.url] == ["/varsler/", reverse("portal:start")]


def test_sign_out_ends_on_the_signed_out_page(client):
    client.force_login(make_employee())

    response = client.post(reverse("account_logout"))

    assert (response.url, SESSION_KEY in client.session) == (reverse("portal:signed_out"), False)


def test_session_has_a_new_id_after_sign_in(client):
    make_employee(email="ane@solvik.example", password=PASSWORD)
    session = client.session
    session["before"] = True
    session.save()
    old = session.session_key

    sign_in(client, "ane@solvik.example")

    assert client.session.session_key != old


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "ane@solvik.example", "password": "feil"},
        {"email": "ukjent@solvik.example"},
        {"email": "sluttet@solvik.example"},
        {"email": "passiv@solvik.example"},
        {"email": "ola@solvik.example"},  # a parent at the employees' door
    ],
    ids=["wrong password", "unknown", "has left", "inactive", "wrong door"],
)
def test_everything_wrong_gets_the_same_answer(client, fields):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    make_employee(email="ane@solvik.example", password=PASSWORD)
    make_employee(email="sluttet@solvik.example", password=PASSWORD, last_day=yesterday)
    User.objects.filter(email="sluttet@solvik.example").update(last_day=yesterday)
    make_employee(email="passiv@solvik.example", password=PASSWORD, is_active=False)
    make_citizen(email="ola@solvik.example", password=PASSWORD)

    response = sign_in(client, dor="ansatt", **fields)
    page = re.sub(r'value="[^"]*"', "", response.content.decode())
    cache.clear()
    reference = sign_in(client, "ingen@solvik.example", "ingenting", dor="ansatt")

    assert (response.status_code, errors_of(response)) == (422, "email_password_mismatch")
    assert page == re.sub(r'value="[^"]*"', "", reference.content.decode())


@pytest.mark.parametrize(("door", "hashings"), [("ansatt", 1), ("", 2)])
@pytest.mark.parametrize(
    "email", ["ane@solvik.example", "begge@solvik.example", "ukjent@solvik.example", "uten@solvik.example"]
)
def test_every_address_costs_the_same_work(client, settings, email, door, hashings):
    settings.PASSWORD_HASHERS = [PATH]
    make_employee(email="ane@solvik.example", password=PASSWORD)
    make_employee(email="begge@solvik.example", password=PASSWORD)
    make_citizen(email="begge@solvik.example", password="et annet passord")
    make_employee(email="uten@solvik.example")
    CountingHasher.hashed = 0

    sign_in(client, email, "feil", dor=door)

    assert CountingHasher.hashed == hashings


def test_same_address_may_be_an_employee_and_a_parent(client):
    employee = make_employee(email="kari@solvik.example", password=PASSWORD)
    parent = make_citizen(email="kari@solvik.example", password=PASSWORD)

    sign_in(client, "kari@solvik.example", dor="ansatt")
    first = client.session[SESSION_KEY]
    client.post(reverse("account_logout"))
    sign_in(client, "kari@solvik.example", dor="foreldre")
    second = client.session[SESSION_KEY]
    client.post(reverse("account_logout"))
    without_door = sign_in(client, "kari@solvik.example")

    assert [first, second] == [str(employee.pk), str(parent.pk)]
    assert errors_of(without_door) == "email_password_mismatch"


def test_six_wrong_passwords_lock_the_address_also_for_the_right_one(client):
    make_employee(email="ane@solvik.example", password=PASSWORD)
    make_employee(email="mona@solvik.example", password=PASSWORD)

    for _attempt in range(6):
        sign_in(client, "ane@solvik.example", "feil")
    locked = sign_in(client, "ane@solvik.example")
    other = sign_in(client, "mona@solvik.example")

    assert (errors_of(locked), other.status_code) == ("too_many_login_attempts", 302)


def test_unknown_address_is_locked_too(client):
    codes = [errors_of(sign_in(client, "ukjent@solvik.example", "feil")) for _attempt in range(7)]

    assert codes == ["email_password_mismatch"] * 6 + ["too_many_login_attempts"]


def test_door_case_and_host_give_no_new_attempts(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    make_employee(email="ane@solvik.example", password=PASSWORD)

    for email, extra in [("ane@solvik.example", {}), ("ANE@solvik.example", {"HTTP_HOST": "other.example"})] * 3:
        client.post(LOGIN, {"login": email, "password": "feil", "dor": "ung"}, **extra)

    assert errors_of(sign_in(client, "ane@solvik.example", dor="ansatt")) == "too_many_login_attempts"


def test_a_town_hall_signs_in_from_one_address_and_sixty_wrong_tries_from_there_are_enough(client):
    people = [make_employee(email=f"p{number}@solvik.example", password=PASSWORD) for number in range(70)]
    right = {sign_in(Client(), person.email).status_code for person in people}

    codes = [errors_of(sign_in(client, f"ukjent{number}@solvik.example", "feil")) for number in range(61)]

    assert right == {302}
    assert codes == ["email_password_mismatch"] * 60 + ["too_many_login_attempts"]


def test_listed_address_has_room_for_more_failures(client, settings):
    settings.LISTED_ADDRESSES = [ipaddress.ip_network("10.0.0.0/8")]
    town_hall = {"REMOTE_ADDR": "10.1.2.3"}
    for number in range(61):
        client.post(LOGIN, {"login": f"ukjent{number}@solvik.example", "password": "feil"}, **town_hall)
    make_employee(email="ane@solvik.example", password=PASSWORD)

    there = client.post(LOGIN, {"login": "ane@solvik.example", "password": PASSWORD}, **town_hall)
    guesses = [
        errors_of(Client().post(LOGIN, {"login": "mona@solvik.example", "password": "feil"}, **town_hall))
        for _try in range(7)
    ]

    assert there.status_code == 302
    assert guesses[-1] == "too_many_login_attempts"


def test_nobody_else_shuts_a_person_out_of_the_browser_she_uses():
    make_employee(email="ane@solvik.example", password=PASSWORD)
    hers, his = Client(), Client()
    sign_in(hers, "ane@solvik.example")
    hers.post(reverse("account_logout"))

    for _attempt in range(7):
        sign_in(his, "ane@solvik.example", "feil")
    shut_out, let_in = sign_in(his, "ane@solvik.example"), sign_in(hers, "Ane@solvik.example")

    assert (errors_of(shut_out), let_in.status_code) == ("too_many_login_attempts", 302)


def test_known_browser_has_its_own_count_and_knows_its_own_people_alone():
    for email in ("ane@solvik.example", "mona@solvik.example"):
        make_employee(email=email, password=PASSWORD)
    browser = Client()
    sign_in(browser, "ane@solvik.example")
    browser.post(reverse("account_logout"))

    guesses = [errors_of(sign_in(browser, "ane@solvik.example", "feil")) for _try in range(7)]
    elsewhere = sign_in(Client(), "ane@solvik.example")
    other = [errors_of(sign_in(browser, "mona@solvik.example", "feil")) for _try in range(7)]

    assert (guesses[-1], elsewhere.status_code) == ("too_many_login_attempts", 302)
    assert other[-1] == "too_many_login_attempts"
    assert errors_of(sign_in(Client(), "mona@solvik.example")) == "too_many_login_attempts"


def test_mark_of_a_known_browser_holds_no_name_and_cannot_be_made_up():
    user = make_employee(email="ane@solvik.example", password=PASSWORD)
    browser, forged = Client(), Client()
    sign_in(browser, "ane@solvik.example")
    cookie = browser.cookies["kjent"]
    forged.cookies["kjent"] = cookie.value[:-1] + ("a" if cookie.value[-1] != "a" else "b")

    for _attempt in range(6):
        sign_in(Client(), "ane@solvik.example", "feil")

    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 86400)
    assert [word for word in ("ane", "solvik", str(user.pk), user.pk.hex) if word in cookie.value] == []
    assert errors_of(sign_in(forged, "ane@solvik.example")) == "too_many_login_attempts"


def test_signing_out_empties_what_the_browser_keeps(client):
    client.force_login(make_employee())

    before = client.get(reverse("portal:start"))
    out = client.post(reverse("account_logout"))
    after = client.get(reverse("portal:signed_out"))

    assert [answer.headers.get("Clear-Site-Data") for answer in (before, out, after)] == [
        None,
        '"cache", "storage"',
        None,
    ]


def test_limits_live_in_the_database(client):
    from django.db import connection

    sign_in(client, "ukjent@solvik.example", "feil")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_cache WHERE cache_key LIKE '%login_failed%'")
        rows = cursor.fetchone()[0]

    assert rows == 2


def test_nobody_can_make_their_own_user(client):
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert [client.get(path).status_code for path in ("/konto/signup/", "/konto/", "/konto/email/")] == [404] * 3


@pytest.mark.parametrize(
    ("door", "heading"),
    [
        ("", "Logg inn"),
        ("ansatt", "Logg inn som ansatt"),
        ("foreldre", "Logg inn som forelder"),
        ("ung", "Logg inn for barn og unge"),
        ("kjeller", "Logg inn"),
    ],
)
def test_each_door_says_who_it_is_for(client, door, heading):
    page = markup(client.get(LOGIN, {"dor": door}))

    assert f"<h1>{heading}</h1>" in page


def test_signed_in_person_is_out_the_day_after_the_last_day(client):
    user = make_employee(email="ane@solvik.example")
    client.force_login(user)
    before = client.get(reverse("accounts:profile")).status_code
    User.objects.filter(pk=user.pk).update(last_day=timezone.localdate() - datetime.timedelta(days=1))

    after = client.get(reverse("accounts:profile"))

    assert (before, after.status_code, after.url.split("?")[0]) == (200, 302, LOGIN)


def test_first_coordinator_is_made_on_the_server_once(capsys):
    load_demo_settings()
    call_command("add_coordinator", "kari@solvik.example", "Kari Nordvik")

    with pytest.raises(Exception, match="koordinator"):
        call_command("add_coordinator", "ola@solvik.example", "Ola Lie")
    place = User.objects.get(email="kari@solvik.example").memberships.get()
    assert (place.role.key, place.unit.name) == ("bti-koordinator", "Solvik kommune")


def test_first_coordinator_needs_the_start_data():
    with pytest.raises(Exception, match="start_municipality"):
        call_command("add_coordinator", "kari@solvik.example", "Kari Nordvik")


def test_language_of_a_signed_in_person_follows_the_person(client):
    make_municipality()
    user = make_coordinator(make_unit(kind="kommune"))
    client.force_login(user)

    client.post(reverse("set_language"), {"language": "nn"})
    client.post(reverse("set_language"), {"language": "klingon"})
    user.refresh_from_db()

    assert user.language == "nn"


def test_language_of_a_visitor_is_a_cookie(client):
    response = client.post(reverse("set_language"), {"language": "en", "next": "/"})

    assert response.cookies["sprak"].value == "en"
