import datetime
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.errors import RuleBroken
from apps.core.form_keys import forget_old, once
from apps.core.models import FormKey
from tests.core.models import Note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notes")]

KEY, ACTOR = uuid.uuid4(), uuid.uuid4()


def create_note():
    note = Note(title="a")
    note.save()
    return f"/notat/{note.pk}/"


def test_once_creates_and_remembers_where_the_result_is():
    url, created = once(KEY, "note", ACTOR, create_note)

    assert (created, url) == (True, f"/notat/{Note.objects.get().pk}/")


def test_once_gives_the_first_result_the_second_time():
    first, _created = once(KEY, "note", ACTOR, create_note)

    assert once(KEY, "note", ACTOR, create_note) == (first, False)
    assert Note.objects.count() == 1


def test_once_keeps_nothing_when_the_work_fails():
    def fail():
        create_note()
        raise RuleBroken("closed", "Loggen er avsluttet.")

    with pytest.raises(RuleBroken):
        once(KEY, "note", ACTOR, fail)

    assert (Note.objects.count(), FormKey.objects.count()) == (0, 0)
    assert once(KEY, "note", ACTOR, create_note)[1] is True


@pytest.mark.parametrize(("purpose", "actor"), [("note", uuid.uuid4()), ("other", ACTOR), ("note", None)])
def test_once_never_gives_a_result_to_someone_else(purpose, actor):
    once(KEY, "note", ACTOR, create_note)

    with pytest.raises(RuleBroken) as caught:
        once(KEY, purpose, actor, create_note)
    assert caught.value.code == "form_key_foreign"


def test_visitors_have_keys_too():
    assert once(KEY, "feedback", None, create_note)[1] is True
    assert once(KEY, "feedback", None, create_note)[1] is False


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_create_one():
    barrier, results = threading.Barrier(20), []

    def send():
        barrier.wait()
        try:
            results.append(once(KEY, "note", ACTOR, create_note))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Note.objects.count() == 1
    assert sorted(created for _url, created in results) == [False] * 19 + [True]
    assert {url for url, _created in results} == {f"/notat/{Note.objects.get().pk}/"}


def test_old_keys_are_forgotten():
    now = timezone.now()
    for days in (29, 31):
        once(uuid.uuid4(), "note", ACTOR, create_note, now=now - datetime.timedelta(days=days))

    assert forget_old(now=now) == 1
    assert forget_old(now=now) == 0
    assert FormKey.objects.count() == 1
