import datetime

import pytest
from django.utils import translation

from apps.core.errors import AccessDenied, RuleBroken
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, AddressProtection, Audience, LogStatus
from apps.stafettlogg.forms.messages import MessageForm
from apps.stafettlogg.models import LogEvent, Message
from apps.stafettlogg.selectors import messages as selectors
from apps.stafettlogg.selectors.history import timeline
from apps.stafettlogg.services.messages import write_message
from tests.stafettlogg.factories import (
    give_access,
    make_child,
    make_citizen,
    make_employee,
    make_guardian,
    make_log,
    make_participant,
    open_window,
)

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 10, 0, tzinfo=datetime.UTC)


@pytest.fixture
def family():
    """A log with two guardians, a youth, the holder and a participant: `log.mari`, `log.ola`, `log.youth`, …"""
    child = make_child(birth_date=datetime.date(2010, 5, 4), user=make_citizen("Emma Vik"))
    mari, ola = make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Vik")
    log = make_log(child=child, guardians=[mari, ola], now=NOW)
    open_window(log, log.unit, now=NOW)
    for user, kind in ((mari.user, "guardian"), (ola.user, "guardian"), (child.user, AccessKind.YOUTH)):
        give_access(log, user, kind=kind, now=NOW)
    log.mari, log.ola, log.youth = mari, ola, child.user
    log.participant = make_participant(log, now=NOW)
    return log


def write(log, user, text="Hei", **readers):
    return write_message(log.pk, text=text, actor=user, now=NOW, **readers)


def seen_by(log, user):
    row = access.row_for(user, log, NOW)
    found = selectors.messages_for(log, row)
    return [message.text for message in found.written]


def test_who_wrote_is_told_in_the_language_of_the_reader(family):
    with translation.override("en"):
        write(family, family.mari.user, audience=Audience.ALL)

    row = access.row_for(family.ola.user, family, NOW)
    with translation.override("nb"):
        in_bokmal = selectors.messages_for(family, row).written[0].line
    with translation.override("en"):
        in_english = selectors.messages_for(family, row).written[0].line
    assert (in_bokmal, in_english) == ("Mor", "Mother")


def lines_of(log, user):
    """How many messages the timeline tells this person of."""
    row = access.row_for(user, log, NOW)
    return sum(line.title.startswith("Beskjed fra") for line in timeline(log, row).lines)


def everyone(log):
    return {"holder": log.holder.user, "participant": log.participant, "mari": log.mari.user, "ola": log.ola.user,
            "youth": log.youth}  # fmt: skip


def readers_of(log, text):
    """Who sees the message on its page, after checking that the timeline tells of as many."""
    for user in everyone(log).values():
        assert len(seen_by(log, user)) == lines_of(log, user)
    return {name for name, user in everyone(log).items() if text in seen_by(log, user)}


def test_guardians_words_go_to_the_holder_alone_unless_she_chooses_all(family):
    write(family, family.mari.user, "Bare til deg")
    write(family, family.mari.user, "Til alle", audience=Audience.ALL)

    assert readers_of(family, "Bare til deg") == {"holder", "mari"}
    assert readers_of(family, "Til alle") == {"holder", "participant", "mari", "ola", "youth"}


def test_youths_words_go_to_the_holder_alone(family):
    write(family, family.youth, "Jeg vil snakke med deg")

    assert readers_of(family, "Jeg vil snakke med deg") == {"holder", "youth"}


def test_staff_write_to_all(family):
    write(family, family.participant, "Fra PPT")

    assert readers_of(family, "Fra PPT") == {"holder", "participant", "mari", "ola", "youth"}


def test_holder_answers_in_one_thread(family):
    write(family, family.holder.user, "Svar til Ola", audience=Audience.HOLDER, thread_guardian_id=family.ola.pk)
    write(family, family.holder.user, "Svar til Emma", audience=Audience.HOLDER, thread_youth=True)

    assert readers_of(family, "Svar til Ola") == {"holder", "ola"}
    assert readers_of(family, "Svar til Emma") == {"holder", "youth"}


def test_guardian_cannot_write_in_the_other_guardians_thread(family):
    write(family, family.mari.user, "Hei", audience=Audience.HOLDER, thread_guardian_id=family.ola.pk)

    assert Message.objects.get().thread_guardian == family.mari


def test_thread_of_a_guardian_of_another_child_is_refused(family):
    other = make_guardian(make_child())

    with pytest.raises(RuleBroken) as broken:
        write(family, family.holder.user, audience=Audience.HOLDER, thread_guardian_id=other.pk)

    assert broken.value.code == "audience"


def test_private_line_is_marked_private_for_those_who_see_it(family):
    write(family, family.mari.user, "Bare til deg")

    event = LogEvent.objects.get(kind="message")
    assert (event.audience, event.guardian) == (Audience.HOLDER, family.mari)


def test_holder_sees_whose_thread_it_is_and_others_do_not(family):
    write(family, family.mari.user, "Bare til deg")

    row = access.row_for(family.holder.user, family, NOW)
    own = access.row_for(family.mari.user, family, NOW)
    assert [m.thread for m in selectors.messages_for(family, row).written] == ["Mari Vik"]
    assert [(m.thread, m.line) for m in selectors.messages_for(family, own).written] == [("", "Mor")]


@pytest.mark.parametrize("who", ["leader", "stranger"])
def test_writing_needs_a_row_that_allows_it(family, who):
    user = make_participant(family, now=NOW, kind=AccessKind.LEADER) if who == "leader" else make_employee()

    with pytest.raises(AccessDenied):
        write(family, user)


def test_nobody_writes_before_consent():
    log = make_log(status=LogStatus.REQUESTED, now=NOW)

    with pytest.raises(RuleBroken) as broken:
        write(log, log.guardians[0].user)

    assert broken.value.code == "log_not_active"


def test_family_is_told_when_nobody_would_read(family):
    open_window(family, family.unit, now=NOW, days=30, basis="closing")

    with pytest.raises(RuleBroken) as broken:
        write(family, family.mari.user)

    assert broken.value.code == "nobody_reads"


def test_empty_message_is_refused(family):
    with pytest.raises(RuleBroken) as broken:
        write(family, family.holder.user, "   ")

    assert broken.value.code == "empty_text"


def test_readers_are_named_before_anyone_writes(family):
    readers = selectors.readers(family, access.row_for(family.mari.user, family, NOW), NOW)

    assert (readers.staff, readers.family) == (
        [family.holder.user.name, family.participant.name],
        ["Mari Vik", "Ola Vik", "Emma Vik"],
    )


def test_protected_address_hides_staff_and_service_from_the_family(family):
    family.child.address_protection = AddressProtection.CONFIDENTIAL
    family.child.save()
    write(family, family.participant, "Fra tjenesten")

    row = access.row_for(family.ola.user, family, NOW)
    message = selectors.messages_for(family, row).written[0]
    assert (message.author, message.line) == ("En ansatt", "")
    assert selectors.readers(family, row, NOW).staff == ["En ansatt"]


def test_messages_come_in_pages_without_counting(family, django_assert_num_queries):
    for number in range(4):
        now = NOW + datetime.timedelta(minutes=number)
        write_message(family.pk, text=f"Nummer {number}", actor=family.holder.user, now=now)
    row = access.row_for(family.holder.user, family, NOW)

    with django_assert_num_queries(1):
        first = selectors.messages_for(family, row, limit=3)
    second = selectors.messages_for(family, row, limit=3, page=2)

    assert ([m.text for m in first.written], first.has_more) == (["Nummer 3", "Nummer 2", "Nummer 1"], True)
    assert ([m.text for m in second.written], second.has_more) == (["Nummer 0"], False)


def told(kind_prefix="message"):
    """Who has got a notice of this kind."""
    return {n.recipient for n in Notice.objects.filter(kind__startswith=kind_prefix)}


def test_private_words_are_told_to_the_holder_alone(family):
    write(family, family.mari.user, "Bare til deg")

    assert told() == {family.holder.user}


def test_words_to_all_are_told_to_all_but_the_writer(family):
    write(family, family.participant, "Til alle")

    assert told() == {family.holder.user, family.mari.user, family.ola.user, family.youth}


def test_answer_in_a_thread_is_told_to_that_guardian_alone(family):
    write(family, family.holder.user, "Svar til Ola", audience=Audience.HOLDER, thread_guardian_id=family.ola.pk)

    assert told() == {family.ola.user}


def test_holder_reads_private_words_among_the_messages_only(family):
    write(family, family.mari.user, "Bare til deg")
    row = access.row_for(family.holder.user, family, NOW)

    line = timeline(family, row).lines[0]

    assert (line.title, line.text, line.private) == ("Beskjed fra Mari", "Bare for deg som stafettholder", True)


def test_holder_alone_is_told_who_does_not_use_the_portal(family):
    """Between guardians it is nobody's business (S1); the holder sees it under «Samtykke» too."""
    family.ola.user = None
    family.ola.save()

    told = {
        name: selectors.readers(family, access.row_for(user, family, NOW), NOW).family
        for name, user in (
            ("holder", family.holder.user),
            ("participant", family.participant),
            ("guardian", family.mari.user),
        )
    }

    assert told == {
        "holder": ["Mari Vik", "Ola Vik (bruker ikke portalen)", "Emma Vik"],
        "participant": ["Mari Vik", "Ola Vik", "Emma Vik"],
        "guardian": ["Mari Vik", "Ola Vik", "Emma Vik"],
    }


def test_who_reads_is_chosen_before_the_message_is_written(family):
    form = MessageForm(threads=selectors.threads(family, NOW))

    assert [field.name for field in form.visible_fields()] == ["to", "text"]
