"""New password by e-mail, and changing it oneself."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.factories import make_citizen, make_employee

pytestmark = pytest.mark.django_db

OLD, NEW = "fire ord som passer", "helt andre fire ord"
ASK = "/konto/passord/nytt/"


@pytest.fixture(autouse=True)
def _empty_cache(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


def link_in(message):
    return re.search(r"http://localhost:8000(\S+)", message.body)[1]


def ask_for_link(client, email="ane@solvik.example", **extra):
    client.post(ASK, {"email": email}, **extra)
    return link_in(mail.outbox[-1])


def set_password(client, link, password=NEW):
    form_page = client.get(link)
    return client.post(form_page.url, {"password1": password, "password2": password})


def test_known_and_unknown_address_get_one_email_and_the_same_page(client):
    make_employee(email="ane@solvik.example")

    known = client.post(ASK, {"email": "ane@solvik.example"})
    unknown = client.post(ASK, {"email": "ukjent@solvik.example"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [message.to for message in mail.outbox] == [["ane@solvik.example"], ["ukjent@solvik.example"]]
    assert mail.outbox[0].subject == mail.outbox[1].subject


def test_person_who_has_left_gets_the_email_of_the_unknown(client):
    make_employee(email="ane@solvik.example", is_active=False)

    client.post(ASK, {"email": "ane@solvik.example"})

    assert "ingen bruker" in mail.outbox[0].body


def test_address_of_an_employee_and_a_parent_gets_one_link_for_each(client):
    users = [make_employee(email="kari@solvik.example"), make_citizen(email="kari@solvik.example")]

    client.post(ASK, {"email": "Kari@solvik.example"})

    links = {link_in(message).split("/")[4].split("-")[0] for message in mail.outbox}
    assert links == {user.pk.hex for user in users}


def test_link_comes_from_the_settings_and_not_from_the_request(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_employee(email="ane@solvik.example")

    link = ask_for_link(client, HTTP_HOST="evil.example")

    assert "evil.example" not in mail.outbox[0].body
    assert link.startswith(ASK)


def test_link_makes_a_new_password_once(client):
    user = make_employee(email="ane@solvik.example", password=OLD)
    link = ask_for_link(client)

    first = set_password(client, link)
    second = client.get(link)
    user.refresh_from_db()

    assert (first.url, user.check_password(NEW)) == (reverse("account_reset_password_from_key_done"), True)
    assert second.context["token_fail"] is True


def test_new_password_ends_the_sessions_elsewhere(client):
    user = make_employee(email="ane@solvik.example", password=OLD)
    elsewhere = Client()
    elsewhere.force_login(user)

    set_password(client, ask_for_link(client))

    assert elsewhere.get(reverse("accounts:profile")).status_code == 302


def test_new_password_opens_the_lock(client):
    make_employee(email="ane@solvik.example", password=OLD)
    for _attempt in range(6):
        client.post("/konto/logg-inn/", {"login": "ane@solvik.example", "password": "feil"})

    set_password(client, ask_for_link(client))
    response = client.post("/konto/logg-inn/", {"login": "ane@solvik.example", "password": NEW})

    assert response.status_code == 302


def test_link_confirms_the_address_of_a_citizen_and_of_nobody_else(client):
    citizen = make_citizen(email="kari@solvik.example")
    make_employee(email="kari@solvik.example")
    EmailAddress.objects.create(user=citizen, email="gammel@solvik.example", verified=True, primary=True)

    client.post(ASK, {"email": "kari@solvik.example"})
    for message in mail.outbox:
        set_password(client, link_in(message))

    assert list(EmailAddress.objects.values_list("user", "email", "verified")) == [
        (citizen.pk, "kari@solvik.example", True)
    ]


@pytest.mark.parametrize("key", ["abc-123", "0-set-password", "ffffffffffffffffffffffffffffffff-abc"])
def test_link_to_nobody_is_a_page_and_no_error(client, key):
    response = client.get(f"{ASK}{key}/")

    assert (response.status_code, response.context["token_fail"]) == (200, True)


def test_link_of_a_person_who_has_left_since_is_dead(client):
    user = make_employee(email="ane@solvik.example", password=OLD)
    link = ask_for_link(client)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get(link).context["token_fail"] is True


@pytest.mark.parametrize("password", ["kort", "elleve tegn", "q1w2e3r4t5y6"])
def test_weak_password_is_refused(client, password):
    user = make_employee(email="ane@solvik.example", password=OLD)

    response = set_password(client, ask_for_link(client), password)
    user.refresh_from_db()

    assert (response.status_code, user.check_password(OLD)) == (422, True)


def test_asking_is_limited_per_address(client):
    statuses = [client.post(ASK, {"email": "ukjent@solvik.example"}).status_code for _time in range(6)]

    assert (statuses, len(mail.outbox)) == ([302] * 5 + [429], 5)


def test_mail_server_that_is_down_is_told_alike_to_everyone(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    make_employee(email="ane@solvik.example")

    answers = [client.post(ASK, {"email": email}) for email in ("ane@solvik.example", "ukjent@solvik.example")]

    assert [answer.status_code for answer in answers] == [503, 503]


def test_changing_the_password_keeps_this_session_and_ends_the_others(client):
    user = make_employee(email="ane@solvik.example", password=OLD)
    elsewhere = Client()
    for each in (client, elsewhere):
        each.force_login(user)

    response = client.post("/konto/passord/", {"oldpassword": OLD, "password1": NEW, "password2": NEW})

    assert response.url == reverse("accounts:profile")
    assert SESSION_KEY in client.session
    assert [each.get(reverse("accounts:profile")).status_code for each in (client, elsewhere)] == [200, 302]


def test_changing_the_password_needs_the_old_one(client):
    user = make_employee(email="ane@solvik.example", password=OLD)
    client.force_login(user)

    response = client.post("/konto/passord/", {"oldpassword": "feil", "password1": NEW, "password2": NEW})

    assert response.context["form"].errors.as_data()["oldpassword"][0].code == "enter_current_password"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("set_as", "typed"),
    [("bl\u00e5b\u00e6r og r\u00f8mme", "bla\u030ab\u00e6r og r\u00f8mme"), ("Zu\u0308rich 1234", "Z\u00fcrich 1234")],
)
def test_password_is_right_however_the_machine_composes_its_letters(set_as, typed):
    user = make_citizen()
    user.set_password(set_as)

    assert user.check_password(typed)
    assert user.check_password(set_as)
    assert not user.check_password(typed + "x")


def test_address_the_mail_server_refuses_gets_the_page_of_every_other(client, mail_server, settings):
    """An account with an address that does not exist any more is no way to learn that there is one."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    make_employee(email="ane@solvik.example")
    mail_server.refuses_recipients = True

    known = client.post(ASK, {"email": "ane@solvik.example"})
    unknown = client.post(ASK, {"email": "ukjent@solvik.example"})

    assert (known.status_code, unknown.status_code) == (302, 302)
    assert known.url == unknown.url
