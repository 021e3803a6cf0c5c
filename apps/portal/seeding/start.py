"""From an empty database to the demo municipality."""

from datetime import datetime, timedelta

from django.db import transaction

from apps.accounts.selectors import demo_accounts_exist
from apps.guides.services import load_start_content
from apps.portal.seeding.consent_stories import tell_of_consents
from apps.portal.seeding.people import make_people
from apps.portal.seeding.readiness import make_ready
from apps.portal.seeding.settings import load_demo_settings
from apps.portal.seeding.stories import tell_all, tell_who_looked
from apps.stafettlogg.services.consent_texts import load_start_texts


def seed(*, now: datetime) -> bool:
    """Make the demo municipality. Returns False, and changes nothing, when it is there already."""
    if demo_accounts_exist():
        return False
    with transaction.atomic():
        load_demo_settings(now=now)
        # The stories begin a year ago, and then the texts must have been there.
        before = now - timedelta(days=400)
        load_start_content(now=before, reviewed_by="Jurist", reviewed_day=before.date())
        load_start_texts(now=before)
        people = make_people()
        make_ready(people, now=now)
        tell_all(people, now=now)
        tell_of_consents(people, now=now)
    tell_who_looked(people, now=now)
    return True
