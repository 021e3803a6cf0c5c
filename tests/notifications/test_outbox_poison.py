"""L6: what is written in a name or an address can neither add a header to an e-mail nor stop the e-mails of others."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.enums import UserKind
from apps.accounts.models import User
from apps.notifications import rules, services
from apps.notifications.enums import DeliveryState
from apps.notifications.models import Delivery
from tests.factories import make_municipality

NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_kinds")]


def tell(email, now=NOW):
    user = User.objects.make(email=email, name="Ane Solheim", kind=UserKind.EMPLOYEE)
    services.notify(recipient=user, kind="test_task", key="a", url_name="notifications:list", now=now)


@pytest.mark.parametrize(
    "name", ["Solvik\r\nBcc: alle@example.org", "Solvik\nX-Spam: nei", "Solvik\rkommune", "Sølvik 👋 kommune"]
)
def test_name_of_the_municipality_adds_no_header_and_the_email_is_sent(smtp, name):
    make_municipality(name=name)
    tell("ane@solvik.example")

    services.sweep_outbox(now=NOW)

    (message,) = smtp.messages
    assert message.recipients == ["ane@solvik.example"]
    assert {"Bcc", "X-Spam"} & set(message.keys()) == set()
    assert message["Subject"].startswith("Noe nytt til deg fra")


@pytest.mark.parametrize(
    "email", ["a@b\r\nBcc: alle@example.org", "ikke en adresse", "a@b@c", "a@" + "x" * 240, "<>@x"]
)
def test_address_that_cannot_be_used_stops_no_other_email(smtp, email):
    """It came first, so it is tried first: the one after it goes out all the same, and it is given up in the end."""
    tell(email, now=NOW - timedelta(minutes=1))
    tell("ane@solvik.example")

    services.sweep_outbox(now=NOW)

    sent = [recipient for message in smtp.messages for recipient in message.recipients]
    assert "ane@solvik.example" in sent
    assert "alle@example.org" not in sent


def test_address_that_cannot_be_used_is_given_up_and_shown(smtp):
    tell("a@b\r\nBcc: alle@example.org")
    now = NOW

    for minutes in (*rules.BACK_OFF_MINUTES, 1):
        services.sweep_outbox(now=now)
        now += timedelta(minutes=minutes)

    assert Delivery.objects.get().state == DeliveryState.FAILED
    assert smtp.messages == []
