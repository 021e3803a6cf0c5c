"""The guide a municipality starts from, changes to single texts of its draft, and what its editor sends."""

import re

from django.urls import reverse
from django.utils import timezone

from apps.guides.models import Step
from apps.guides.services import load_start_content
from apps.municipality.models import PhoneNumber
from tests.markup import markup
from tests.municipality.pages import filled


def make_guide():
    """Version 1, published from fixtures/guides."""
    return load_start_content(now=timezone.now())


def type_in_numbers() -> None:
    """The municipality's own numbers in the places of the placeholders: «00 00 00 04» → «55 00 00 04»."""
    for phone in PhoneNumber.objects.all():
        if phone.is_placeholder:
            phone.number = f"55{phone.number[2:]}"
            phone.save()


def change_phone(key: str, **fields) -> None:
    phone = PhoneNumber.objects.get(key=key)
    for name, value in fields.items():
        setattr(phone, name, value)
    phone.save()


def change_step(key="n0s1", **fields):
    """Texts of a step of the draft; nothing is published."""
    step = Step.objects.get(key=key)
    for name, value in fields.items():
        setattr(step, name, value)
    step.save()
    return step


def body(response) -> str:
    assert response.status_code == 200, (response.status_code, response.headers.get("Location"))
    return markup(response)


def without_key(content: str) -> str:
    """The page without what is new in every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", content)


def address_of(kind, row) -> str:
    """The page where the coordinator edits a row of the draft."""
    return reverse("guides:edit_row", args=[kind, row.pk])


def send(client, address, **changes):
    """Open a page of the editor and send its form with these changes."""
    return client.post(address, filled(client.get(address).context["form"], **changes))
