"""The page of notices: opening one, reading all, and how one is told."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.notifications.enums import EmailPreference
from apps.notifications.models import Delivery, Notice
from apps.notifications.selectors import email_preference, notices_for, unread_count
from apps.notifications.services import notify, retract
from tests.factories import make_citizen, make_coordinator, make_employee, make_leader, make_municipality, make_unit

pytestmark = pytest.mark.django_db
LIST = reverse("notifications:list")
QUERIES = 7


@pytest.fixture
def leader(client):
    make_municipality()
    user = make_leader(make_unit())
    client.force_login(user)
    return user


def tell(user, kind="wish_received", url_name="stafettlogg:wishes", object_id=None):
    return notify(recipient=user, kind=kind, key=str(uuid.uuid4()), url_name=url_name, object_id=object_id)


def open_it(client, notice, **options):
    return client.post(reverse("notifications:open", args=[notice.pk]), **options)


def test_opening_leads_to_the_page_and_the_notice_is_read(client, leader):
    notice = tell(leader, "holder_leaving")

    response = open_it(client, notice)

    notice.refresh_from_db()
    assert (response.url, notice.read_at is not None) == (reverse("stafettlogg:wishes"), True)


def test_opening_what_is_over_says_so_instead_of_a_page_that_is_gone(client, leader):
    notice = tell(leader, "invitation", "stafettlogg:invitation", uuid.uuid4())

    response = open_it(client, notice, follow=True)

    assert (response.request["PATH_INFO"], "gjelder ikke lenger" in response.content.decode()) == (LIST, True)
    assert Notice.objects.filter(read_at=None).count() == 0


@pytest.mark.parametrize("whose", ["somebody else's", "taken back"])
def test_opening_a_notice_that_is_not_ones_own_is_not_found(client, leader, whose):
    about = uuid.uuid4()
    notice = tell(make_employee() if whose == "somebody else's" else leader, object_id=about)
    if whose == "taken back":
        retract(recipient=leader, object_ids=[about], now=timezone.now())

    assert open_it(client, notice).status_code == 404
    assert Notice.objects.get().read_at is None


def test_a_get_opens_nothing(client, leader):
    assert client.get(reverse("notifications:open", args=[tell(leader).pk])).status_code == 405


def test_marking_reads_the_chosen_or_all_of_ones_own(client, leader):
    first, others = tell(leader), tell(make_employee())
    tell(leader)

    client.post(reverse("notifications:mark_read"), {"notice": [first.pk, others.pk]})
    assert Notice.objects.filter(read_at=None).count() == 2
    client.post(reverse("notifications:mark_read"))

    assert list(Notice.objects.filter(read_at=None)) == [others]


@pytest.mark.parametrize("count", [1, 30])
def test_list_asks_the_database_equally_often(client, leader, count, django_assert_num_queries):
    for _number in range(count):
        tell(leader)
    client.get(LIST)

    with django_assert_num_queries(QUERIES):
        page = client.get(LIST).content.decode()

    assert page.count("En familie har sendt et ønske") == count
    assert page.count('name="csrfmiddlewaretoken"') >= count + 1


def test_preference_is_kept_and_a_wrong_one_is_refused(client, leader):
    page = reverse("notifications:preference")

    assert client.post(page, {"email": "weekly"}).status_code == 422
    assert client.post(page, {"email": "off"}).url == LIST
    assert email_preference(leader) == EmailPreference.OFF


def test_coordinator_sees_what_failed_and_sends_it_again(client):
    make_municipality()
    tell(make_citizen("Mari Lie"))
    Delivery.objects.update(state="failed", attempts=8, error="SMTPRecipientsRefused")
    client.force_login(make_coordinator())
    page = reverse("notifications:deliveries")

    shown = client.get(page).content.decode()
    sent = client.post(reverse("notifications:retry", args=[Delivery.objects.get().pk]))

    assert "Mottakeren tok ikke imot. Se om adressen er riktig." in shown
    assert ("SMTPRecipientsRefused" in shown, "Mari Lie" in shown) == (False, False)
    assert page in client.get(reverse("municipality:settings")).content.decode()
    assert (sent.url, Delivery.objects.get().state) == (page, "pending")


@pytest.mark.parametrize(
    ("minutes", "state", "is_late"),
    [(14, "pending", False), (16, "pending", True), (2 * 24 * 60, "pending", True), (2 * 24 * 60, "sent", False)],
)
def test_coordinator_reads_that_emails_wait_when_nobody_sends_them(client, minutes, state, is_late):
    make_municipality()
    tell(make_citizen("Mari Lie"))
    Delivery.objects.update(next_at=timezone.now() - datetime.timedelta(minutes=minutes), state=state)
    client.force_login(make_coordinator())

    page = client.get(reverse("notifications:deliveries")).content.decode()

    assert ("1 e-post er ikke sendt" in page, "Alle e-poster er levert" in page) == (is_late, not is_late)


def test_failed_emails_are_for_the_coordinator_alone(client, leader):
    assert client.get(reverse("notifications:deliveries")).status_code == 403


def test_notices_of_one_instant_stand_in_one_order_whatever_their_ids(leader):
    """The most urgent first; what is alike otherwise never changes places because of a random id."""
    now, day = timezone.now(), timezone.localdate()
    told = [("b", None), ("a", None), ("c", day), ("d", day - datetime.timedelta(days=1))]
    for order in (told, told[::-1]):
        reader = make_employee()
        for key, due in order:
            notice = Notice(pk=uuid.UUID(int=Notice.objects.count() + 1))
            notice.recipient, notice.kind, notice.key = reader, "wish_received", key
            notice.url_name, notice.due_day, notice.created_at = "stafettlogg:wishes", due, now
            notice.save(force_insert=True)

        assert [line.notice.key for line in notices_for(reader)] == ["d", "c", "a", "b"]


def test_number_by_the_bell_counts_what_is_to_be_done_and_no_messages():
    reader = make_employee()
    for kind, url_name in (("wish_received", "stafettlogg:wishes"), ("deputy_ended", "stafettlogg:list")):
        notify(recipient=reader, kind=kind, key="a", url_name=url_name, now=timezone.now())

    assert unread_count(reader) == 1
    assert len(notices_for(reader)) == 2
