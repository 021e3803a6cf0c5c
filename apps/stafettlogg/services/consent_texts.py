"""The consent texts a municipality starts from. A new version is a new row; what was consented to keeps its words."""

import json
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from apps.stafettlogg.models import ConsentText

START_TEXTS = Path("fixtures", "consent", "texts.json")


@transaction.atomic
def load_start_texts(*, now: datetime) -> int:
    """Publish the texts in fixtures/consent/texts.json that are not there yet. Returns how many. Safe to repeat."""
    there = set(ConsentText.objects.values_list("key", "number"))
    texts = json.loads((settings.BASE_DIR / START_TEXTS).read_text("utf-8"))
    new = [text for text in texts if (text["key"], text["version"]) not in there]
    for text in new:
        ConsentText.objects.create(
            key=text["key"],
            number=text["version"],
            title=text["title"],
            paragraphs=text["paragraphs"],
            statement=text["statement"],
            published_at=now,
        )
    return len(new)
