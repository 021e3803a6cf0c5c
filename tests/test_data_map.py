"""Every field that the portal stores is classed in docs/data-map.csv, and what the map promises of requests holds."""

import csv
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from apps.core.fields import EncryptedTextField
from apps.stafettlogg.enums import LogStatus, RemovedReason
from apps.stafettlogg.models import Child, ConsentAnswer, Guardian
from apps.stafettlogg.services.removal import remove
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log, make_unit

DOCS = settings.BASE_DIR / "docs"
EXPLAINED = (DOCS / "data-map.md").read_text("utf-8")
WORDS = re.findall(r"^- \*\*(\w+)\*\*:", EXPLAINED, flags=re.MULTILINE)
CLASSES = {"none", "personal", "special", "key"}
RETENTIONS = set(WORDS) - CLASSES


def _rows():
    with open(DOCS / "data-map.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _models():
    """Every model of the portal's own apps, with the history tables."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("apps.")
        for model in config.get_models(include_auto_created=True)
    ]


def _map():
    return {(row["model"], row["field"]): (row["class"], row["retention"]) for row in _rows()}


def test_every_stored_field_has_one_row(capsys):
    stored = sorted((model._meta.label, field.name) for model in _models() for field in model._meta.concrete_fields)
    mapped = sorted((row["model"], row["field"]) for row in _rows())

    with capsys.disabled():
        print(f"\ndata map: {len(mapped)} fields of {len({model for model, _field in mapped})} models")
    assert {"missing": sorted(set(stored) - set(mapped)), "extra": sorted(set(mapped) - set(stored))} == {
        "missing": [],
        "extra": [],
    }
    assert len(mapped) == len(set(mapped))


def test_classes_and_retention_rules_are_explained():
    assert set(WORDS) >= CLASSES
    assert {row["class"] for row in _rows()} == CLASSES
    assert {row["retention"] for row in _rows()} == RETENTIONS


def test_history_is_classed_as_what_it_is_the_history_of():
    known = _map()
    originals = {model.history.model._meta.label: model._meta.label for model in _models() if hasattr(model, "history")}

    different = [
        (label, field)
        for (label, field), classed in known.items()
        if label in originals and not field.startswith("history_") and classed != known[originals[label], field]
    ]

    assert len(originals) > 10
    assert different == []


def test_what_is_encrypted_is_special():
    known = _map()
    encrypted = [
        (model._meta.label, field.name)
        for model in _models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    ]

    assert {known[place][0] for place in encrypted} == {"special", "key"}  # the key is the secret of a provider


def test_link_to_a_user_is_never_nothing():
    known = _map()
    links = [
        (model._meta.label, field.name)
        for model in _models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model._meta.label == "accounts.User"
    ]

    assert {known[place][0] for place in links} == {"key"}


@pytest.mark.django_db
def test_removed_request_is_emptied_of_what_the_map_says():
    child = make_child("Emma", "Vik", national_id="13097248022", national_id_index="a" * 64)
    guardians = [
        make_guardian(child, email="mor@example.org", phone="41000000", national_id="1", national_id_index="b" * 64),
        make_guardian(child, user=False),
    ]
    log = make_log(
        child=child, guardians=guardians, status=LogStatus.REQUESTED, unit_ids=[make_unit().pk], now=timezone.now()
    )
    give_consents(log, only=guardians[:1])
    answer = ConsentAnswer.objects.get(request__log=log)
    answer.limits, answer.scan, answer.scan_name = "Ikke noe om bror.", b"%PDF", "svar.pdf"
    answer.save()
    places = [place for place, (_class, retention) in _map().items() if retention == "request"]

    _remove(log)

    rows = {"Child": Child.objects.get(pk=child.pk), "Guardian": Guardian.objects.get(pk=guardians[0].pk)}
    rows["ConsentAnswer"] = ConsentAnswer.objects.get(pk=answer.pk)
    left = {
        (model, field): getattr(rows[model], field)
        for model, field in ((label.split(".")[1], field) for label, field in places)
        if model in rows and getattr(rows[model], field)
    }
    assert left == {("Child", "birth_date"): child.birth_date.replace(month=1, day=1)}
    assert (Child.history.filter(id=child.pk).count(), Guardian.history.filter(child_id=child.pk).count()) == (0, 0)


def _remove(log):
    from django.db import transaction

    with transaction.atomic():
        remove(log, reason=RemovedReason.EXPIRED, actor=log.holder.user, now=timezone.now())
