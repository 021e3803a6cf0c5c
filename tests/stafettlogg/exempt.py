"""Exceptions from whose yes is needed, for the tests: each ground with the proof it must have (safety.md S27)."""

import datetime

from django.utils import timezone

from apps.stafettlogg.enums import ContactChannel, ExceptionGround
from apps.stafettlogg.rules.exceptions import SOURCES, Proof
from apps.stafettlogg.services import exceptions, signs_of_life

DAY = datetime.timedelta(days=1)


def make_proof(ground=ExceptionGround.AUTHORITY, *, now, **fields):
    """What the ground must have, dated the day before; it lasts for 60 days."""
    today = timezone.localdate(now)
    if ground in SOURCES:
        fields.setdefault("source", SOURCES[ground][0])
        fields.setdefault("number", "2026/17")
    if ground != ExceptionGround.UNREACHABLE:
        fields.setdefault("day", today - DAY)
    if ground != ExceptionGround.DECEASED:
        fields.setdefault("last_day", today + 60 * DAY)
    return Proof(ground, **fields)


def seek(log, guardian, *, now, days=(20, 10), channels=(ContactChannel.PHONE, ContactChannel.LETTER), reached=False):
    """Somebody tried to reach the guardian so many days ago."""
    for number, channel in zip(days, channels, strict=True):
        signs_of_life.write_contact(
            log.pk,
            guardian.pk,
            day=timezone.localdate(now) - number * DAY,
            channel=channel,
            was_reached=reached,
            actor=log.holder.user,
            now=now,
        )


def ask_exception(log, guardian, ground=ExceptionGround.AUTHORITY, *, now, actor=None, **fields):
    """The holder asks for it; one who is out of reach has been sought twice."""
    if ground == ExceptionGround.UNREACHABLE and not guardian.contact_attempts.exists():
        seek(log, guardian, now=now)
    proof = make_proof(ground, now=now, **fields)
    return exceptions.ask_exception(log.pk, guardian.pk, proof=proof, actor=actor or log.holder.user, now=now)


def make_exempt(log, guardian, leader, ground=ExceptionGround.AUTHORITY, *, now, **fields):
    """It is asked for and signed."""
    grant = ask_exception(log, guardian, ground, now=now, **fields)
    return exceptions.sign_exception(grant.pk, actor=leader, now=now)
