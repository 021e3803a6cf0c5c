"""Signed in, a guardian reads in «Varsler» which child a notice is about; nobody reads it outside the page (S22)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.notifications.models import Notice
from apps.stafettlogg.services.messages import write_message
from tests.stafettlogg.factories import make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import main_of, signed_in

pytestmark = pytest.mark.django_db
LIST = reverse("notifications:list")


def told_log(given_name="Emma", **guardian_fields):
    child = make_child(given_name)
    log = make_log(child=child, guardians=[make_guardian(child, **guardian_fields)])
    write_message(log.pk, text="Hei", actor=log.holder.user, now=timezone.now())
    return log


def test_each_notice_says_the_childs_first_name_and_the_reading_is_written():
    log = told_log()
    user = log.guardians[0].user

    page = main_of(signed_in(user).get(LIST))

    assert "<b>Emma</b>" in page
    assert "Vik" not in page
    assert ReadEvent.objects.filter(actor_id=user.pk, log_id=log.pk, what="notices").count() == 1


def test_s08_no_name_before_the_birth_date_is_given():
    log = told_log()
    guardian = log.guardians[0]
    guardian.birth_date_confirmed_at = None
    guardian.save()

    assert "Emma" not in main_of(signed_in(guardian.user).get(LIST))


def test_s04_no_name_for_one_who_reads_the_log_no_more():
    log = told_log()
    user = log.guardians[0].user
    row = log.access_rows.get(user=user)
    row.ends_at = row.starts_at + timedelta(microseconds=1)
    row.save()

    assert Notice.objects.filter(recipient=user).exists()
    assert "Emma" not in main_of(signed_in(user).get(LIST))


def test_an_employee_reads_the_first_name_in_logs_she_is_in():
    log = told_log()
    user = log.holder.user
    write_message(log.pk, text="Hei", actor=log.guardians[0].user, now=timezone.now())

    page = main_of(signed_in(user).get(LIST))

    assert "<b>Emma</b>" in page
    assert ReadEvent.objects.filter(actor_id=user.pk, log_id=log.pk, what="notices").count() == 1
