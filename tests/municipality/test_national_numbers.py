"""A municipality that is set up gets the national numbers that its pages have begun to name."""

from importlib import import_module

import pytest
from django.apps import apps

from apps.municipality.models import PhoneNumber
from apps.portal.seeding.settings import load_demo_settings

pytestmark = pytest.mark.django_db
MIGRATION = import_module("apps.municipality.migrations.0007_national_numbers")


def numbers():
    return sorted(PhoneNumber.objects.values_list("key", "number"))


def test_missing_numbers_are_added_once():
    load_demo_settings()
    complete = numbers()
    for phone in PhoneNumber.objects.filter(key__in=MIGRATION.NATIONAL):
        phone.delete()

    MIGRATION.add_missing(apps, None)
    MIGRATION.add_missing(apps, None)

    assert numbers() == complete


def test_a_number_under_another_name_is_left_as_it_is():
    PhoneNumber.objects.create(key="akutt", label={"nb": "Akutt"}, number="113")

    MIGRATION.add_missing(apps, None)

    assert ("akutt", "113") in numbers()
    assert "ambulanse" not in {key for key, _number in numbers()}


def test_a_database_that_is_not_set_up_gets_nothing():
    MIGRATION.add_missing(apps, None)

    assert numbers() == []
