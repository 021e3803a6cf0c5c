"""The staff list and the person's own account. Days are local and include the last one."""

import datetime

import pytest

from apps.accounts import services
from apps.accounts.models import Absence, Membership, User
from apps.accounts.services import NewPerson
from apps.accounts.tasks import deactivate_those_who_left
from apps.core.dates import FAR_DAY
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from tests.factories import (
    make_absence,
    make_citizen,
    make_coordinator,
    make_coordinator_role,
    make_employee,
    make_leader,
    make_leader_role,
    make_membership,
    make_municipality,
    make_role,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 10, 8)
ANE = NewPerson("Ane@solvik.example", "Ane Solheim")


def days(number):
    return TODAY + datetime.timedelta(number)


def add(leader, person=ANE, **fields):
    fields = {"unit_id": leader.membership.unit_id, "role_id": make_role().pk, "first_day": TODAY} | fields
    return services.add_membership(person, actor=leader, today=TODAY, **fields)


def code_of(call):
    with pytest.raises(RuleBroken) as broken:
        call()
    return broken.value.code


# Places ---------------------------------------------------------------------------------------------------------------


def test_new_person_gets_a_user_without_a_password():
    leader = make_leader()

    place = add(leader, title="Lærer")

    user = place.user
    assert (user.email, user.name, user.kind, user.has_usable_password()) == (
        "ane@solvik.example",
        "Ane Solheim",
        "employee",
        False,
    )
    assert (place.title, place.first_day, place.last_day) == ("Lærer", TODAY, FAR_DAY)
    assert place.history.get().history_user == leader


def test_known_person_keeps_the_name_and_gets_one_more_place():
    leader, known = make_leader(), make_employee(email="ane@solvik.example", name="Ane Marie Solheim")

    place = add(leader)

    assert (place.user, place.user.name, known.memberships.count()) == (known, "Ane Marie Solheim", 2)


def test_parent_with_the_same_address_stays_unknown_and_untouched():
    leader, parent = make_leader(), make_citizen(email="ane@solvik.example")

    place = add(leader)

    assert place.user != parent
    assert parent.memberships.count() == 0


def test_person_who_had_left_is_back():
    leader = make_leader()
    make_user(email="ane@solvik.example", is_active=False, last_day=days(-30))

    user = add(leader).user

    assert (user.is_active, user.last_day) == (True, FAR_DAY)


def test_same_role_twice_on_the_same_days_is_refused():
    leader = make_leader()
    add(leader, last_day=days(10))

    assert code_of(lambda: add(leader, first_day=days(10))) == "already_there"
    assert add(leader, first_day=days(11)).first_day == days(11)


def test_leader_cannot_add_elsewhere_nor_herself():
    leader = make_leader(email="lars@solvik.example")

    for call in (
        lambda: add(leader, unit_id=make_unit().pk),
        lambda: add(leader, NewPerson("lars@solvik.example", "Lars"), role_id=make_leader_role().pk),
        lambda: add(make_employee()),
    ):
        with pytest.raises(AccessDenied):
            call()


def test_refused_place_leaves_no_user():
    with pytest.raises(AccessDenied):
        add(make_leader(), role_id=make_coordinator_role().pk)

    assert not User.objects.filter(email="ane@solvik.example").exists()


def test_end_of_a_place_is_the_last_day():
    leader = make_leader()
    user = make_employee(leader.membership.unit)

    place = services.end_membership(user.membership.pk, last_day=days(5), actor=leader, today=TODAY)

    place.refresh_from_db()
    assert (place.last_day, place.history.first().history_user) == (days(5), leader)


def test_place_cannot_be_ended_by_its_owner_or_another_leader():
    leader = make_leader()

    for actor in (leader, make_leader()):
        with pytest.raises(AccessDenied):
            services.end_membership(leader.membership.pk, last_day=TODAY, actor=actor, today=TODAY)


def test_last_coordinator_stays():
    kari, ola = make_coordinator(), make_coordinator()

    services.end_membership(kari.membership.pk, last_day=TODAY, actor=ola, today=TODAY)
    made = make_leader(ola.membership.unit)

    end = {"last_day": TODAY, "actor": made, "today": TODAY}
    assert code_of(lambda: services.end_membership(ola.membership.pk, **end)) == "last_coordinator"
    assert code_of(lambda: services.end_person(ola.pk, **end)) == "last_coordinator"


# The whole person -----------------------------------------------------------------------------------------------------


def test_person_who_leaves_has_places_and_sign_in_through_the_last_day():
    leader = make_leader()
    unit = leader.membership.unit
    user = make_employee(unit)
    coming = make_membership(user, unit, role=make_leader_role(), first_day=days(20))
    away = make_absence(user, first_day=days(8))
    hash_before = user.get_session_auth_hash()

    services.end_person(user.pk, last_day=days(7), actor=leader, today=TODAY)

    user.refresh_from_db()
    assert (user.last_day, user.is_active, user.get_session_auth_hash()) == (days(7), True, hash_before)
    assert list(user.memberships.values_list("last_day", flat=True)) == [days(7)]
    assert not Membership.objects.filter(pk=coming.pk).exists()
    assert not Absence.objects.filter(pk=away.pk).exists()
    assert Absence.history.filter(id=away.pk).first().history_user == leader


def test_person_who_leaves_at_once_is_signed_out_everywhere():
    leader = make_leader()
    user = make_employee(leader.membership.unit)
    hash_before = user.get_session_auth_hash()

    services.end_person(user.pk, last_day=days(-1), actor=leader, today=TODAY)

    user.refresh_from_db()
    assert (user.is_active, user.get_session_auth_hash() != hash_before) == (False, True)
    assert user.rights_on(TODAY) == set()


def test_person_who_began_today_can_leave_at_once():
    leader = make_leader()
    user = make_employee(leader.membership.unit, first_day=TODAY)

    services.end_person(user.pk, last_day=days(-1), actor=leader, today=TODAY)

    assert (user.memberships.get().last_day, User.objects.get(pk=user.pk).is_active) == (TODAY, False)


def test_ending_a_person_twice_is_the_same():
    leader = make_leader()
    user = make_employee(leader.membership.unit)

    for _time in range(2):
        services.end_person(user.pk, last_day=days(7), actor=leader, today=TODAY)

    assert user.memberships.get().last_day == days(7)


def test_person_cannot_leave_in_the_past():
    leader = make_leader()
    user = make_employee(leader.membership.unit)

    code = code_of(lambda: services.end_person(user.pk, last_day=days(-2), actor=leader, today=TODAY))

    assert code == "last_day_passed"


def test_those_who_left_are_deactivated_and_a_second_run_does_nothing():
    make_user(last_day=days(-1))
    make_user(last_day=TODAY)

    assert [services.deactivate_those_who_left(today=TODAY) for _time in range(2)] == [1, 0]
    deactivate_those_who_left()


def test_name_is_hidden_and_shown_again_by_the_leader():
    leader = make_leader()
    user = make_employee(leader.membership.unit)

    shown = [
        services.set_protected_identity(user.pk, actor=leader, protected=choice, today=TODAY).protected_identity
        for choice in (True, False)
    ]

    assert shown == [True, False]
    for actor in (user, make_leader()):
        with pytest.raises(AccessDenied):
            services.set_protected_identity(user.pk, actor=actor, protected=True, today=TODAY)


def test_only_oneself_chooses_language_and_signs_out_everywhere():
    make_municipality(languages=["nb", "nn"])
    user = make_user()

    services.choose_language(user.pk, actor=user, language="nn")
    services.sign_out_everywhere(user.pk, actor=user)

    user.refresh_from_db()
    assert (user.language, user.session_round) == ("nn", 1)
    for call in (
        services.sign_out_everywhere,
        lambda pk, actor: services.choose_language(pk, actor=actor, language="nb"),
    ):
        with pytest.raises(AccessDenied):
            call(user.pk, actor=make_user())
    assert code_of(lambda: services.choose_language(user.pk, actor=user, language="en")) == "unknown_language"


# Away -----------------------------------------------------------------------------------------------------------------


def away(user, actor, **fields):
    fields = {"first_day": TODAY, "last_day": days(5)} | fields
    return services.record_absence(user.pk, actor=actor, today=TODAY, **fields)


def test_absence_holds_days_and_nothing_else():
    leader = make_leader()
    user = make_employee(leader.membership.unit)

    absence = away(user, leader)

    assert (absence.first_day, absence.last_day, absence.recorded_by) == (TODAY, days(5), leader)
    assert {field.name for field in Absence._meta.fields} == {
        "id",
        "user",
        "first_day",
        "last_day",
        "recorded_by",
    }


def test_absence_that_breaks_a_rule_is_refused():
    leader = make_leader()
    unit = leader.membership.unit
    user = make_employee(unit)
    make_absence(user, first_day=days(20), last_day=days(30))

    codes = [
        code_of(lambda fields=fields: away(user, leader, **fields))
        for fields in (
            {"last_day": days(20)},
            {"last_day": days(-1), "first_day": days(-2)},
        )
    ]

    assert codes == ["absence_overlaps", "absence_passed"]


def test_absence_is_not_recorded_by_others():
    with pytest.raises(AccessDenied):
        away(make_employee(), make_leader())


def test_absence_to_come_falls_away_and_one_under_way_ends_yesterday():
    user = make_employee()
    coming = make_absence(user, first_day=days(3))
    begun = make_absence(user, first_day=days(-3), last_day=days(2))

    results = [services.cancel_absence(each.pk, actor=user, today=TODAY) for each in (coming, begun)]

    assert (results[0], results[1].last_day) == (None, days(-1))
    assert code_of(lambda: services.cancel_absence(begun.pk, actor=user, today=TODAY)) == "absence_over"


def test_last_leader_of_a_unit_in_use_is_not_taken_out_before_another_leads():
    municipality = make_unit("Solvik", kind=UnitKind.MUNICIPALITY)
    unit = make_unit("Ergo- og fysioterapitjenesten", parent=municipality)
    coordinator, leader = make_coordinator(municipality), make_leader(unit)
    yesterday = days(-1)

    for end in (
        lambda: services.end_person(leader.pk, last_day=yesterday, actor=coordinator, today=TODAY),
        lambda: services.end_membership(leader.membership.pk, last_day=yesterday, actor=coordinator, today=TODAY),
    ):
        with pytest.raises(RuleBroken) as broken:
            end()
        assert (broken.value.code, unit.name in str(broken.value)) == ("last_leader", True)
    make_leader(municipality)
    services.end_person(leader.pk, last_day=yesterday, actor=coordinator, today=TODAY)

    leader.refresh_from_db()
    assert leader.is_active is False


def test_leader_of_a_unit_that_is_not_in_use_is_taken_out():
    municipality = make_unit("Solvik", kind=UnitKind.MUNICIPALITY)
    leader = make_leader(make_unit("Ikke i bruk", parent=municipality, switched_on_day=None))

    services.end_membership(leader.membership.pk, last_day=TODAY, actor=make_coordinator(municipality), today=TODAY)

    leader.membership.refresh_from_db()
    assert leader.membership.last_day == TODAY
