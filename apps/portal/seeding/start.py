"""From an empty database to the demo municipality."""

from datetime import datetime

from django.db import transaction

from apps.accounts.selectors import demo_accounts_exist
from apps.guides.services import load_start_content
from apps.municipality.services import load_start_data
from apps.portal.seeding.people import make_people
from apps.portal.seeding.stories import tell_all
from apps.stafettlogg.services.consent_texts import load_start_texts


def seed(*, now: datetime) -> bool:
    """Make the demo municipality. Returns False, and changes nothing, when it is there already."""
    if demo_accounts_exist():
        return False
    with transaction.atomic():
        load_start_data()
        load_start_content(now=now)
        load_start_texts(now=now)
        tell_all(make_people(), now=now)
    return True
