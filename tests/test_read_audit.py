"""Nobody sees anything about a child without a row in the read audit, committed before a byte of it leaves."""

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.audit.enums import ReadAction
from apps.audit.models import ReadEvent
from apps.core.national_id import contains_national_id
from apps.stafettlogg.models import Log
from apps.stafettlogg.services.family_closing import ask_to_close
from apps.stafettlogg.services.requests import cancel_request
from tests import crawl, personas
from tests.stafettlogg.factories import close_for_family
from tests.world import MARK
from tests.world_with_marks import NUMBER, WRITTEN, MarkedWorld

# One persona for each way to stand to the logs; `make drill` goes through all of them and every address.
FEW = {
    "family": {"guardian", "youth"},
    "staff in the log": {"holder", "participant", "leader_opened", "leader"},
    "the others": personas.PERSONAS
    - personas.STAFF_IN_LOG
    - personas.WITHOUT_REASON
    - personas.FAMILY
    - {"left_the_job", "sharing_ran_out", "switched_off", "guardian_without_responsibility", "deputy_later"},
}
ALL = {
    "family": personas.FAMILY,
    "the holder": {"holder"},
    "staff in the log": (personas.STAFF_IN_LOG | personas.WITHOUT_REASON) - {"holder"},
    "the others": personas.PERSONAS - personas.STAFF_IN_LOG - personas.WITHOUT_REASON - personas.FAMILY,
}
LISTS = ["stafettlogg:list", "portal:start", "stafettlogg:children"]


def _unlogged(answer, marked) -> list[str]:
    """The children whose name or text is in the answer without a row about their log, written before it was made.

    A document is made first and its row written before it is handed out: else there were rows of some that never came.
    """
    shown = {pk for name, pk in marked.log_of.items() if answer.shows(name)}
    if answer.shows(WRITTEN):
        shown.add(marked.world.log.pk)
    own_rows = all(row.actor_id == marked.people[answer.persona].pk for row in answer.rows)
    wrong = [] if own_rows else [f"{answer}: a row about someone else"]
    read = answer.logs_read() if answer.is_document else {pk for pk in shown if answer.was_read_before_rendering(pk)}
    wrong += [f"{answer}: log {pk}" for pk in shown - read]
    if answer.is_document and answer.route.startswith("stafettlogg:"):
        kept = {row.action for row in answer.rows} & {ReadAction.DOWNLOADED, ReadAction.PRINTED, ReadAction.EXPORTED}
        wrong += [] if kept else [f"{answer}: a document without a row"]
    return wrong


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", FEW)
def test_no_page_shows_a_child_without_a_committed_row(who, capsys, caplog):
    marked = MarkedWorld()

    shown = _crawl(marked, who, {persona: marked.addresses(persona) for persona in FEW[who]}, capsys)

    assert shown > 10
    _check_holds_no_content(marked, caplog)


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ALL)
def test_no_page_shows_anyone_a_child_without_a_committed_row(who, capsys, caplog):
    """The long form: every persona, every address."""
    marked = MarkedWorld()

    _crawl(marked, who, dict.fromkeys(ALL[who], marked.addresses()), capsys)

    _check_holds_no_content(marked, caplog)


def _crawl(marked, who, addresses, capsys) -> int:
    """Walk as each persona from these addresses; returns how many answers showed a child."""
    answers, wrong, shown, errors, told = 0, [], 0, [], []
    reached, kept = set(), set()

    for persona in sorted(addresses):
        for answer in crawl.crawl(crawl.Visitor(persona, marked.people[persona]), addresses[persona]):
            answers += 1
            wrong += _unlogged(answer, marked)
            shown += any(answer.shows(marker) for marker in (*marked.log_of, WRITTEN))
            for secret, may_see in marked.secrets.items():
                if answer.shows(secret):
                    kept.add(secret)
                    told += [] if persona in may_see else [f"{answer}: {secret}"]
            if answer.status >= 500:
                errors.append(str(answer))
            if answer.status == 200:
                reached.add(answer.route)

    with capsys.disabled():
        numbers = f"{len(addresses)} personas, {answers} answers ({len(reached)} pages), {shown} with a child"
        print(f"\nread audit, {who}: {numbers}, {len(wrong)} unlogged, {len(told)} fields shown to the wrong person")
    assert (wrong, errors, told) == ([], [], [])
    # What somebody here may see was seen, so that its absence for the others means something.
    may_be_seen = {secret for secret, may_see in marked.secrets.items() if may_see & set(addresses)}
    assert may_be_seen - kept == set()
    return shown


def _check_holds_no_content(marked, caplog):
    """C8: neither the audit nor the program's own log says what was read (names of staff and units aside)."""
    forbidden = (*marked.log_of, WRITTEN, NUMBER)
    rows = {" ".join(row) for row in ReadEvent.objects.values_list("actor_name", "role_name", "unit_name", "what")}
    assert [row for row in rows if contains_national_id(row) or any(word in row for word in forbidden)] == []
    lines = [record.getMessage() for record in caplog.records]
    assert [line for line in lines if any(word in line for word in forbidden)] == []


@pytest.mark.django_db
def test_lists_name_exactly_the_logs_they_show():
    marked = MarkedWorld()
    different, full = [], 0

    for persona, user in marked.people.items():
        visitor = crawl.Visitor(persona, user)
        for url in [
            *map(reverse, LISTS),
            *(f"{reverse('stafettlogg:list')}?vis={which}" for which in ("andre", "avsluttet")),
        ]:
            answer = visitor.ask(url)
            shown = {pk for name, pk in marked.log_of.items() if answer.shows(name)}
            full += len(shown) > 1
            if shown != answer.logs_read():
                different.append(f"{answer}: {len(shown)} shown, {len(answer.logs_read())} in the audit")
            assert {row.action for row in answer.rows} <= {ReadAction.LISTED}

    assert different == []
    assert full >= 3


# C4: when the row cannot be written, nothing is shown -----------------------------------------------------------------

_STOP = {
    "postgresql": [
        "CREATE FUNCTION stop_audit() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'full'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER stop_audit BEFORE INSERT ON audit_readevent FOR EACH ROW EXECUTE FUNCTION stop_audit()",
    ],
    "sqlite": [
        "CREATE TRIGGER stop_audit BEFORE INSERT ON audit_readevent BEGIN SELECT RAISE(ABORT, 'full'); END",
    ],
}


@pytest.mark.django_db
def test_nothing_is_shown_when_the_audit_cannot_be_written(capsys):
    marked = MarkedWorld()
    pages = {
        persona: [
            answer.url
            for answer in map(crawl.Visitor(persona, marked.people[persona]).ask, marked.addresses(persona))
            if answer.rows
        ]
        for persona in ("holder", "leader", "guardian", "stranger_employee", "stranger_citizen")
    }
    with connection.cursor() as cursor:
        for statement in _STOP[connection.vendor]:
            cursor.execute(statement)

    statuses = []
    for persona, urls in pages.items():
        visitor = crawl.Visitor(persona, marked.people[persona])
        for url in urls:
            answer = visitor.ask(url)
            statuses.append(answer.status)
            assert answer.status == 503, answer
            assert "no-store" in answer.response.headers["Cache-Control"]
            assert [marker for marker in (*marked.log_of, WRITTEN, "Bergfink") if answer.shows(marker)] == []
    with capsys.disabled():
        print(f"\nread audit: {len(statuses)} pages answered 503 without content when the audit was closed")
    assert len(statuses) > 50


# C5: what was refused is written too ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("persona", ["stranger_employee", "colleague", "left_the_log", "guardian_blocked"])
def test_refused_reads_are_written(persona):
    marked = MarkedWorld()
    user, log = marked.people[persona], marked.world.log
    page = "stafettlogg:parent_log" if user.is_citizen else "stafettlogg:detail"

    answer = crawl.Visitor(persona, user).ask(reverse(page, args=[log.pk]))

    assert settings.DATABASES["default"].get("ATOMIC_REQUESTS", False) is False
    assert answer.status == 404
    assert [(row.action, row.actor_id, row.log_id) for row in answer.rows] == [("refused", user.pk, log.pk)]


# C6 and C10: the rows are shown to the family, and outlive what they are about ----------------------------------------


@pytest.mark.django_db
def test_family_sees_the_opening_at_once(client):
    marked = MarkedWorld()
    participant, log = marked.people["participant"], marked.world.log
    crawl.Visitor("participant", participant).ask(reverse("stafettlogg:plan", args=[log.pk]))

    for persona in ("guardian", "youth"):
        seen = crawl.Visitor(persona, marked.people[persona]).ask(reverse("stafettlogg:family_seen", args=[log.pk]))
        assert seen.shows(participant.name)
        assert not seen.shows(marked.people["guardian_two"].name)


@pytest.mark.django_db
def test_rows_stay_when_the_request_is_removed():
    marked = MarkedWorld()
    holder, request = marked.people["holder"], Log.objects.get(pk=marked.log_of["Linerlefugl"])
    visitor = crawl.Visitor("holder", holder)
    visitor.ask(reverse("stafettlogg:detail", args=[request.pk]))
    before = ReadEvent.objects.filter(log_id=request.pk).count()

    cancel_request(request.pk, actor=holder, now=timezone.now())

    assert ReadEvent.objects.filter(log_id=request.pk).count() == before > 0
    assert MARK in marked.log_of


@pytest.mark.django_db
def test_rows_stay_as_they_were_when_the_log_is_closed_and_its_people_leave():
    """They point at nothing: names are copied, ids are bare, so nothing that goes or changes takes them along."""
    marked = MarkedWorld()
    holder, mother, log = marked.people["holder"], marked.people["guardian"], marked.world.log
    crawl.Visitor("holder", holder).ask(reverse("stafettlogg:detail", args=[log.pk]))
    before = list(ReadEvent.objects.filter(log_id=log.pk).order_by("pk").values())

    ask_to_close(log.pk, actor=marked.people["youth"], now=timezone.now())
    close_for_family(log, mother)
    holder.name, holder.is_active = "Et annet navn", False
    holder.save()

    assert list(ReadEvent.objects.filter(log_id=log.pk).order_by("pk").values())[: len(before)] == before != []
    assert [field.name for field in ReadEvent._meta.concrete_fields if field.is_relation] == []
