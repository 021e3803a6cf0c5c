"""The registry of what one must do: steps of a ladder, readings made once, and kinds that cost no query more."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.municipality.enums import Right
from apps.notifications import kinds
from apps.notifications.enums import Concerns
from apps.notifications.kinds import Due, Ladder, NoticeKind, TaskKind, Words
from apps.notifications.scope import Scope, read_once
from apps.notifications.selectors import reminders_due, tasks_in
from apps.stafettlogg.selectors.tasks.plan import measures
from tests.factories import make_citizen, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import make_log

NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
TODAY = date(2026, 10, 8)


@pytest.fixture
def registry(monkeypatch):
    """The registered kinds, as they were again afterwards."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))


def kind(code, selector, **fields):
    return TaskKind(code, fields.pop("title", ""), selector=selector, words=Words("%(detail)s"), **fields)


@pytest.mark.parametrize(("days", "step"), [(31, None), (30, 30), (15, 30), (14, 14), (3, 3), (0, 3), (-1, None)])
def test_ladder_before_a_day_gives_the_nearest_step(days, step):
    assert Ladder((30, 14, 3)).step(TODAY + timedelta(days=days), TODAY) == step


@pytest.mark.parametrize(("days", "step"), [(0, None), (2, None), (3, 3), (6, 3), (7, 7), (400, 7)])
def test_ladder_after_a_day_gives_the_latest_step(days, step):
    assert Ladder((3, 7), after=True).step(TODAY - timedelta(days=days), TODAY) == step


def test_kind_with_a_ladder_reminds_on_its_steps_and_names_them():
    made = [
        Due(recipient=None, key="thing 1", url_name="", due_day=TODAY + timedelta(days=days)).of(
            kind("a", list, ladder=Ladder((7, 1))), TODAY
        )
        for days in (8, 7, 1)
    ]

    assert [(due.key, due.remind) for due in made] == [
        ("thing 1 None", False),
        ("thing 1 7", True),
        ("thing 1 1", True),
    ]


def test_reading_is_made_once_in_a_scope_and_anew_in_the_next():
    made = []

    @read_once
    def reading(scope):
        made.append(scope)
        return len(made)

    one, other = Scope(NOW), Scope(NOW)

    assert [reading(one), reading(one), reading(other)] == [1, 1, 2]


def test_what_a_page_has_in_hand_is_not_read():
    @read_once
    def reading(_scope):
        raise AssertionError("read though it was in hand")

    assert reading(Scope(NOW, in_hand={reading: ["kept"]})) == ["kept"]


def test_code_is_registered_once(registry):
    kinds.register(NoticeKind("new_thing", "Noe nytt"))
    kinds.register(NoticeKind("new_thing", "Noe nytt"))

    with pytest.raises(ValueError, match="new_thing"):
        kinds.register(NoticeKind("new_thing", "Noe annet"))


@pytest.mark.django_db
def test_kind_one_cannot_have_is_not_asked(registry):
    make_municipality()
    unit = make_unit()
    asked = []
    for who in (Concerns.STAFF, Concerns.LEADER, Concerns.COORDINATOR, Concerns.FAMILY):
        kinds.register(kind(f"for_{who}", lambda _scope, who=who: asked.append(who) or [], concerns=frozenset({who})))
    people = {"employee": make_employee(unit), "leader": make_leader(unit), "citizen": make_citizen()}

    found = {}
    for name, person in people.items():
        asked.clear()
        tasks_in(Scope(NOW, person))
        found[name] = sorted(asked)

    assert people["leader"].membership.role.has(Right.LEADER)
    assert found == {"employee": ["staff"], "leader": ["leader", "staff"], "citizen": ["family"]}


@pytest.mark.django_db
def test_kind_without_a_title_stands_on_pages_and_reminds_nobody(registry):
    make_municipality()
    user = make_employee(make_unit())

    def selector(scope):
        return [Due(recipient=user, key="thing 1", url_name="portal:start", detail="Gjør noe")]

    kinds.register(kind("quiet", selector))

    assert [task.title for task in tasks_in(Scope(NOW, user)).now] == ["Gjør noe"]
    assert reminders_due(NOW) == []
    assert kinds.get("quiet") is None


@pytest.mark.django_db
def test_five_more_kinds_cost_no_query(registry):
    """A kind is one declaration and one selector over what its app reads already."""
    holder = make_employee(make_unit("Solbakken"))
    make_log(holder=holder, now=NOW)
    with CaptureQueriesContext(connection) as before:
        tasks_in(Scope(NOW, holder))
    for number in range(5):
        kinds.register(kind(f"more_{number}", lambda scope: [due for due in measures(scope) if due is None]))

    with CaptureQueriesContext(connection) as after:
        tasks_in(Scope(NOW, holder))

    assert len(after) == len(before)
