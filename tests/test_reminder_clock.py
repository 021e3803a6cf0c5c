"""G2: when the clock is put forward or back, the e-mail of the day comes once, at seven on the wall."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.notifications import kinds, services
from apps.notifications.enums import EmailPreference
from apps.notifications.models import Delivery
from tests.factories import make_employee

pytestmark = pytest.mark.django_db
OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31), date(2027, 6, 15)])
def test_digest_comes_once_at_seven_when_the_clock_changes(monkeypatch, mailoutbox, day):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register(kinds.NoticeKind("test_task", "En oppgave venter", lambda user, object_id: True))
    user = make_employee()
    services.set_email_preference(actor=user, choice=EmailPreference.DAILY)
    evening = datetime(day.year, day.month, day.day, tzinfo=OSLO).astimezone(UTC) - timedelta(hours=3)
    for number in range(3):
        services.notify(recipient=user, kind="test_task", key=str(number), url_name="notifications:list", now=evening)

    sent_at = []
    for quarter in range(4 * 24):
        now = evening + timedelta(minutes=15 * quarter)
        if services.sweep_outbox(now=now):
            sent_at.append(now.astimezone(OSLO))

    assert [(at.date(), at.hour, at.minute) for at in sent_at] == [(day, 7, 0)]
    assert (len(mailoutbox), Delivery.objects.get().digest_day) == (1, day)
