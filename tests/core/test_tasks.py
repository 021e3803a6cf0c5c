import datetime
import uuid

import pytest
from django.utils import timezone

from apps.core.models import BrowserSession, Draft, FormKey
from apps.core.tasks import forget_old


@pytest.mark.django_db
def test_what_is_past_its_time_is_forgotten_and_the_rest_stays():
    now = timezone.now()
    for name, at in (("gammel", now - datetime.timedelta(days=40)), ("ny", now - datetime.timedelta(hours=1))):
        FormKey.objects.create(key=uuid.uuid4(), purpose=name, created_at=at)
        Draft.objects.create(user_id=uuid.uuid4(), form_name=name, object_key="/", payload="{}", updated_at=at)
        BrowserSession.objects.create(session_key=name, session_data="x", expire_date=at + datetime.timedelta(days=1))

    forget_old()
    forget_old()

    assert [str(row) for row in Draft.objects.all()] == ["ny /"]
    assert [str(row).split()[0] for row in FormKey.objects.all()] == ["ny"]
    assert [row.session_key for row in BrowserSession.objects.all()] == ["ny"]
