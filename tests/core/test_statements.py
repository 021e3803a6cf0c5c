"""A statement answers as its queryset does, is built once for each shape of its values, and refuses what it cannot."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.transaction import TransactionManagementError

from apps.accounts.models import Absence, Membership, User
from apps.core.dates import UTC
from apps.core.models import Draft
from apps.core.statements import LENGTHS, statement
from apps.municipality.models import Unit
from tests.factories import make_employee, make_unit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)


def as_seen(row):
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return fields, row.user, row.unit, row.role, row.role.rights, row.is_away, row.one


def test_statement_gives_the_instances_of_its_queryset(django_assert_num_queries):
    places = statement(
        lambda user, today: (
            Membership.objects.filter(user=user, first_day__lte=today, last_day__gte=today)
            .select_related("unit", "role", "user")
            .annotate(is_away=Exists(Absence.objects.filter(user=OuterRef("user"))), one=Value(1))
            .order_by("pk")
        )
    )
    for user in (make_employee(make_unit("Furua")), make_employee(make_unit("Grana"))):
        values = (user.pk, date(2030, 1, 1))
        wanted = list(places.queryset(*values))

        with django_assert_num_queries(1):
            found = places.rows(*values)
            seen = [as_seen(row) for row in found]

        assert found == wanted == [user.membership]
        assert seen == [as_seen(row) for row in wanted]
        assert [row._state.adding for row in found] == [False]


def test_statement_gives_none_where_nothing_is_joined():
    top = make_unit("Oppvekst")
    unit = make_unit("Furua", parent=top)
    alone = statement(lambda pk: Unit.objects.filter(pk=pk).select_related("parent"))

    assert (alone.first(top.pk).parent, alone.first(unit.pk).parent) == (None, top)


def test_statement_reads_fields_as_the_model_does():
    user, now = make_employee(make_unit("Furua")), NOW
    Draft.objects.create(user_id=user.pk, form_name="f", object_key="/", payload="Hemmelig æøå", updated_at=now)
    drafts = statement(lambda user: Draft.objects.filter(user_id=user).only("payload"))

    (found,) = drafts.rows(user.pk)

    assert (found.payload, found.get_deferred_fields() >= {"form_name", "updated_at"}) == ("Hemmelig æøå", True)
    assert found.updated_at == now


def test_statement_is_built_twice_for_each_shape_and_never_again():
    built = []

    def by_ids(ids, *, kept=built):
        kept.append(len(ids))
        return User.objects.filter(pk__in=ids).order_by("name").values_list("name", flat=True)

    users = [make_employee(make_unit("Furua"), name=f"Kari {number}") for number in range(5)]
    names = statement(by_ids)
    asked = [names.rows([user.pk for user in users[:count]]) for count in (3, 4, 3, 5, 0, 4)]

    assert [len(found) for found in asked] == [3, 4, 3, 5, 0, 4]
    assert asked[0] == ["Kari 0", "Kari 1", "Kari 2"]
    assert built == [4, 4, 8, 8, 0, 0]


def test_statement_asks_the_queryset_for_more_than_it_has_a_shape_for():
    user = make_employee(make_unit("Furua"))
    ids = [uuid4() for _number in range(LENGTHS[-1])] + [user.pk]
    by_ids = statement(lambda ids: User.objects.filter(pk__in=ids))

    assert (by_ids.rows(ids), by_ids.exists(ids), by_ids.count(ids)) == ([user], True, 1)


def test_statement_counts_and_knows_of_rows():
    unit, other = make_unit("Furua"), make_unit("Grana")
    user = make_employee(unit)
    there = statement(lambda unit: Membership.objects.filter(unit=unit).select_related("user").order_by("user__name"))

    assert (there.exists(unit.pk), there.count(unit.pk)) == (True, 1)
    assert (there.exists(other.pk), there.count(other.pk)) == (False, 0)
    assert [row.user for row in there.rows(unit.pk)] == [user]


def test_statement_of_pairs_and_of_nothing():
    user = make_employee(make_unit("Furua"))
    pairs = statement(lambda name: User.objects.filter(name=name).values_list("pk", "name"))
    nobody = statement(lambda pk: User.objects.filter(pk=pk).none())

    assert dict(pairs.rows(user.name)) == {user.pk: user.name}
    assert (nobody.rows(user.pk), nobody.exists(user.pk), nobody.count(user.pk)) == ([], False, 0)


def test_empty_list_takes_with_it_what_stands_beside_it():
    user = make_employee(make_unit("Furua"))
    seen = statement(
        lambda ids, today, own: Membership.objects.filter(Q(pk__in=ids, first_day__lte=today) | Q(user=own)).order_by(
            "pk"
        )
    )
    today = date(2030, 1, 1)

    assert seen.rows([], today, user.pk) == [user.membership]
    assert seen.rows([user.membership.pk], today, uuid4()) == [user.membership]
    assert seen.rows([], today, uuid4()) == []


def test_statement_keeps_instants_apart_to_the_microsecond():
    late = NOW + timedelta(microseconds=1)
    user = make_employee(make_unit("Furua"))
    Draft.objects.create(user_id=user.pk, form_name="f", object_key="/", payload="", updated_at=late)
    until = statement(lambda now: Draft.objects.filter(updated_at__lte=now))

    assert (until.exists(NOW), until.exists(late)) == (False, True)


def test_statement_has_one_shape_for_each_number_and_for_none():
    top = make_unit("Oppvekst")
    below = [make_unit(name, parent=top) for name in ("Furua", "Grana", "Selja")]
    first = statement(lambda parent, most: Unit.objects.filter(parent=parent).order_by("name")[:most])

    assert (first.rows(top.pk, 1), first.rows(top.pk, 2), first.rows(None, 5)) == (below[:1], below[:2], [top])


def test_statement_that_locks_needs_a_transaction(transactional_db):
    user = make_employee(make_unit("Furua"))
    locked = statement(lambda pk: User.objects.select_for_update(of=("self",)).filter(pk=pk))
    with transaction.atomic():
        assert locked.first(user.pk) == user

    if connection.features.has_select_for_update:
        with pytest.raises(TransactionManagementError):
            locked.first(user.pk)


def test_statement_refuses_a_value_that_is_changed_on_its_way():
    later = statement(lambda now: Draft.objects.filter(updated_at__lte=now + timedelta(days=1)))
    part = statement(lambda name: User.objects.filter(name__contains=name))
    unused = statement(lambda pk, name: User.objects.filter(pk=pk))

    for refused, values in ((later, (NOW,)), (part, ("Kari",)), (unused, (uuid4(), "Kari"))):
        with pytest.raises(TypeError):
            refused.rows(*values)


def test_statement_refuses_objects_and_what_is_more_than_one_select():
    user = make_employee(make_unit("Furua"))
    by_user = statement(lambda user: Membership.objects.filter(user=user))
    more = statement(lambda pk: User.objects.filter(pk=pk).prefetch_related("memberships"))
    bound = statement(lambda day: user.memberships.filter(first_day=day))
    dicts = statement(lambda pk: User.objects.filter(pk=pk).values("name"))

    for refused, value in ((by_user, user), (more, user.pk), (bound, date(2026, 1, 1)), (dicts, user.pk)):
        with pytest.raises(TypeError):
            refused.rows(value)
