"""The settings of the demo's invented municipality. A real installation is answered for by its own people."""

import json
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.municipality import selectors
from apps.municipality.models import Municipality
from apps.municipality.services import start


@transaction.atomic
def load_demo_settings(*, now: datetime | None = None) -> Municipality:
    """What every municipality starts from, with the answers of fixtures/demo. Writes over nothing."""
    now = now or timezone.now()
    content = json.loads((settings.FIXTURES_DIR / "demo" / "municipality.json").read_text("utf-8"))
    row = Municipality.objects.first()
    if row is None:
        row = Municipality(**content["municipality"], opened_at=now)
        row.full_clean()
        row.save()
    start.load(now=now, numbers=content["phones"])
    selectors.forget()
    return row
