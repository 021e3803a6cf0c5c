"""The guide a municipality starts from, and changes to single texts of its draft."""

import re

from django.utils import timezone

from apps.guides.models import Step
from apps.guides.services import load_start_content


def make_guide():
    """Version 1, published from fixtures/guides."""
    return load_start_content(now=timezone.now())


def change_step(key="n0s1", **fields):
    """Texts of a step of the draft; nothing is published."""
    step = Step.objects.get(key=key)
    for name, value in fields.items():
        setattr(step, name, value)
    step.save()
    return step


def body(response) -> str:
    assert response.status_code == 200, (response.status_code, response.headers.get("Location"))
    return response.content.decode()


def without_key(content: str) -> str:
    """The page without what is new in every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", content)
