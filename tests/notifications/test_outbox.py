"""The outbox: once in the portal, at least once by e-mail with one Message-ID, never after the right is gone."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from apps.accounts.enums import UserKind
from apps.accounts.models import User
from apps.municipality.models import Municipality
from apps.notifications import rules, selectors, services
from apps.notifications.enums import DeliveryState, EmailPreference
from apps.notifications.models import Delivery, Notice

NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)


pytestmark = pytest.mark.usefixtures("test_kinds")


def make_user(name="Ane Solheim", email="ane@solvik.example", **fields):
    return User.objects.make(email=email, name=name, kind=UserKind.EMPLOYEE, **fields)


def tell(user, *, kind="test_task", key="a", now=NOW, **fields):
    return services.notify(recipient=user, kind=kind, key=key, url_name="notifications:list", now=now, **fields)


@pytest.mark.django_db
def test_notify_twice_is_one_notice_and_one_email(smtp):
    user = make_user()

    tell(user)
    tell(user)
    sent = [services.sweep_outbox(now=NOW), services.sweep_outbox(now=NOW + timedelta(minutes=1))]

    assert (Notice.objects.count(), sent, len(smtp.messages)) == (1, [1, 0], 1)


@pytest.mark.django_db
def test_email_is_neutral(smtp):
    Municipality(name="Solvik kommune", model_name={"nb": "BTI"}, phone="51000000").save()
    user = make_user()
    tell(user, due_day=datetime(2026, 10, 12, tzinfo=UTC).date())

    services.sweep_outbox(now=NOW)

    message = smtp.messages[0]
    text = message.get_content() if hasattr(message, "get_content") else message.get_payload(decode=True).decode()
    assert message["Subject"] == "Noe nytt til deg fra Solvik kommune"
    assert "12.\u00a0oktober" in text
    assert "Får du ikke logget inn? Ring Solvik kommune på 51000000." in text
    assert not any(word in text.lower() for word in ("stafettlogg", "samtykke", "barn", "bti", "barnevern"))


@pytest.mark.django_db
def test_email_is_not_sent_when_the_right_is_gone(smtp):
    user = make_user()
    tell(user)
    user.name = "Uten rett"
    user.save()

    services.sweep_outbox(now=NOW)

    delivery = Delivery.objects.get()
    assert (smtp.messages, delivery.state, delivery.error) == ([], DeliveryState.CANCELLED, "no_longer_theirs")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choice", "kind", "sent"),
    [
        (EmailPreference.EACH, "test_task", 1),
        (EmailPreference.DAILY, "test_task", 0),
        (EmailPreference.DAILY, "test_urgent", 1),
        (EmailPreference.OFF, "test_urgent", 0),
    ],
)
def test_preference_decides_when_the_email_goes(smtp, choice, kind, sent):
    user = make_user()
    services.set_email_preference(actor=user, choice=choice)

    tell(user, kind=kind)
    services.sweep_outbox(now=NOW)

    assert len(smtp.messages) == sent


@pytest.mark.django_db
def test_digest_is_one_email_at_seven(smtp):
    user = make_user()
    services.set_email_preference(actor=user, choice=EmailPreference.DAILY)
    tell(user, key="a")
    tell(user, key="b")

    before = services.sweep_outbox(now=datetime(2026, 10, 9, 4, 59, tzinfo=UTC))
    after = services.sweep_outbox(now=datetime(2026, 10, 9, 5, 0, tzinfo=UTC))

    assert (before, after, len(smtp.messages)) == (0, 1, 1)


@pytest.mark.django_db
def test_refused_email_is_tried_again_and_then_given_up(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    user = make_user()
    tell(user)

    now = NOW
    for minutes in (*rules.BACK_OFF_MINUTES, 1):
        services.sweep_outbox(now=now)
        now += timedelta(minutes=minutes)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, len(rules.BACK_OFF_MINUTES) + 1)
    assert selectors.undelivered() == [delivery]


@pytest.mark.django_db
def test_lease_left_behind_is_sent_again_with_the_same_message_id(smtp):
    user = make_user()
    tell(user)
    Delivery.objects.update(state=DeliveryState.SENDING, lease_until=NOW - timedelta(seconds=1))
    before = Delivery.objects.get().message_id

    services.sweep_outbox(now=NOW)

    assert [message["Message-ID"] for message in smtp.messages] == [before]


@pytest.mark.django_db
def test_lease_in_force_is_left_alone(smtp):
    user = make_user()
    tell(user)
    Delivery.objects.update(state=DeliveryState.SENDING, lease_until=NOW + timedelta(minutes=1))

    assert (services.sweep_outbox(now=NOW), smtp.messages) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_send_each_email_once(smtp):
    for number in range(20):
        tell(make_user(email=f"p{number}@solvik.example"))

    def sweep():
        services.sweep_outbox(now=NOW)
        connection.close()

    workers = [threading.Thread(target=sweep) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    ids = [message["Message-ID"] for message in smtp.messages]
    assert (len(ids), len(set(ids))) == (20, 20)


@pytest.mark.django_db
def test_person_gets_one_email_for_all_that_is_new(smtp):
    """The text cannot differ (S22), so five would say what one says. The notices stay five."""
    user, other = make_user(), make_user(email="mona@solvik.example")
    days = [datetime(2026, 10, day, tzinfo=UTC).date() for day in (14, 12, 13)]
    for number, day in enumerate(days):
        tell(user, key=str(number), due_day=day)
    tell(other)

    sent = [services.sweep_outbox(now=NOW), services.sweep_outbox(now=NOW + timedelta(minutes=1))]
    tell(user, key="later", now=NOW + timedelta(minutes=2))
    sent.append(services.sweep_outbox(now=NOW + timedelta(minutes=2)))

    to = [message["To"] for message in smtp.messages]
    assert (sent, to) == ([2, 0, 1], ["ane@solvik.example", "mona@solvik.example", "ane@solvik.example"])
    assert "12.\u00a0oktober" in smtp.messages[0].get_content()
    assert [line.emailed_at is not None for line in selectors.notices_for(user)] == [True] * 4


@pytest.mark.django_db
def test_email_that_is_refused_takes_no_other_with_it(smtp):
    user = make_user()
    tell(user, key="a")
    tell(user, key="b")
    smtp.refusals.append("451 Try later")

    services.sweep_outbox(now=NOW)
    services.sweep_outbox(now=NOW + timedelta(minutes=2))

    assert (len(smtp.messages), Delivery.objects.filter(state=DeliveryState.SENT).count()) == (1, 2)


@pytest.mark.django_db
def test_email_is_not_sent_after_the_last_day(smtp):
    """Also before the account is switched off, which a job does within the hour."""
    user = make_user(last_day=NOW.date() - timedelta(days=1))
    tell(user)

    services.sweep_outbox(now=NOW)

    delivery = Delivery.objects.get()
    assert (smtp.messages, delivery.state, delivery.error) == ([], DeliveryState.CANCELLED, "no_address")


@pytest.mark.django_db
def test_retracted_notice_is_not_shown_counted_or_mailed(smtp):
    user = make_user()
    about = uuid4()
    tell(user, object_id=about)
    before = selectors.unread_count(user)

    services.retract(recipient=user, object_ids=[about], now=NOW)
    services.sweep_outbox(now=NOW)

    after = (selectors.unread_count(user), selectors.notices_for(user), smtp.messages)
    assert (before, after) == (1, (0, [], []))


@pytest.mark.parametrize("state", DeliveryState.values)
@pytest.mark.parametrize("to", DeliveryState.values)
def test_only_failed_and_waiting_move(state, to):
    allowed = {
        ("pending", "sending"),
        ("pending", "sent"),
        ("pending", "cancelled"),
        ("sending", "sent"),
        ("sending", "pending"),
        ("sending", "failed"),
        ("sending", "cancelled"),
        ("failed", "pending"),
    }

    assert (to in rules.NEXT[state]) == ((state, to) in allowed)
