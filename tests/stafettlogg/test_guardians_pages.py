"""The stafettholder's page about guardians, and the leader's page to sign on."""

import datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.stafettlogg.enums import LogStatus, Relation, Responsibility
from apps.stafettlogg.models import ConsentExceptionGrant, Guardian
from tests.factories import make_employee, make_leader, make_municipality
from tests.markup import markup
from tests.stafettlogg.exempt import ask_exception
from tests.stafettlogg.factories import make_child, make_guardian, make_log, make_participant
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db
NEXT_YEAR = timezone.localdate() + datetime.timedelta(days=365)


@pytest.fixture
def leader():
    make_municipality()
    return make_leader(name="Lars Bakken")


@pytest.fixture
def log(leader):
    child = make_child()
    guardians = [make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg")]
    holder = make_employee(leader.membership.unit)
    return make_log(status=LogStatus.REQUESTED, child=child, guardians=guardians, holder=holder)


def as_holder(log):
    return signed_in(log.holder.user)


def test_page_tells_how_each_guardian_was_checked(log):
    page = markup(as_holder(log).get(page_of("guardians", log.pk)))

    for words in ("Mari Vik", "Ola Berg", "Har foreldreansvar", "Slått opp i Folkeregisteret"):
        assert words in page


def test_only_the_holder_sees_guardians(log, leader):
    others = [log.guardians[0].user, make_participant(log), make_employee(log.unit)]

    assert [signed_in(user).get(page_of("guardians", log.pk)).status_code for user in others] == [404, 403, 404]


def test_guardian_is_added(log):
    written = {"name": "Noor Ali", "relation": "other", "responsibility": "document", "language": "ar"}

    response = as_holder(log).post(page_of("guardian_add", log.pk), written)

    added = Guardian.objects.get(name="Noor Ali")
    assert response.url == page_of("guardians", log.pk)
    assert (added.responsibility, added.checked_how, added.checked_by) == ("confirmed", "document", log.holder.user)


def test_added_guardian_needs_name_relation_and_check(log):
    response = as_holder(log).post(page_of("guardian_add", log.pk), {})

    assert (response.status_code, Guardian.objects.count()) == (422, 2)


@pytest.mark.parametrize(("answer", "becomes"), [("har", "confirmed"), ("har_ikke", "none")])
def test_responsibility_is_checked(log, answer, becomes):
    father = make_guardian(log.child, responsibility=Responsibility.UNCHECKED)

    as_holder(log).post(page_of("guardian_check", log.pk, father.pk), {"responsibility": answer, "how": "decision"})

    father.refresh_from_db()
    assert (father.responsibility, father.checked_how) == (becomes, "decision")


def test_check_sent_again_does_not_bring_back_what_was_taken_away_since(log):
    father = make_guardian(log.child, responsibility=Responsibility.UNCHECKED)
    client, url = as_holder(log), page_of("guardian_check", log.pk, father.pk)
    first = {"form_key": str(uuid4()), "responsibility": "har", "how": "decision"}

    client.post(url, first)
    client.post(url, {"form_key": str(uuid4()), "responsibility": "har_ikke", "how": "decision"})
    before = father.history.count()
    again = client.post(url, first)

    father.refresh_from_db()
    assert (again.status_code, father.responsibility, father.history.count()) == (302, "none", before)


def test_contact_is_changed_and_a_conflict_shows_both(log):
    mother = log.guardians[0]
    client, url = as_holder(log), page_of("guardian_contact", log.pk, mother.pk)
    written = {"email": "ny@solvik.example", "phone": "1", "language": "nb", "version": mother.version}

    first = client.post(url, written)
    second = client.post(url, {**written, "email": "senere@solvik.example"})

    mother.refresh_from_db()
    assert (first.status_code, second.status_code, mother.email) == (302, 409, "ny@solvik.example")
    assert "senere@solvik.example" in markup(second)


def test_guardian_of_another_child_is_not_found(log):
    stranger = make_guardian(make_child("Jonas"))

    for name in ("guardian_check", "guardian_contact", "guardian_exception"):
        assert as_holder(log).get(page_of(name, log.pk, stranger.pk)).status_code == 404


def test_birth_is_registered(leader):
    child = make_child("", "", birth_date=None, expected_day=timezone.localdate())
    make_guardian(child, relation=Relation.PREGNANT)
    log = make_log(child=child, holder=make_employee(leader.membership.unit))
    born = {"given_name": "Liv", "birth_date": str(timezone.localdate())}

    response = as_holder(log).post(page_of("child_birth", log.pk), born)
    again = as_holder(log).get(page_of("child_birth", log.pk))

    child.refresh_from_db()
    assert (response.status_code, again.status_code, child.given_name) == (302, 302, "Liv")


def test_after_birth_the_page_explains_why_another_guardian_must_wait(leader):
    child = make_child("", "", birth_date=None, expected_day=timezone.localdate())
    make_guardian(child, relation=Relation.PREGNANT)
    father = make_guardian(child, relation=Relation.FATHER)
    log = make_log(child=child, holder=make_employee(leader.membership.unit))
    client = as_holder(log)
    client.post(page_of("child_birth", log.pk), {"given_name": "Liv", "birth_date": str(timezone.localdate())})

    page = client.post(page_of("guardian_check", log.pk, father.pk), {"responsibility": "har", "how": "register"})

    assert "Spør moren på nytt først" in markup(page)


# What the leader signs ------------------------------------------------------------------------------------------------


def test_exception_goes_from_holder_to_leader(log, leader):
    father = log.guardians[1]
    address, client = page_of("guardian_exception", log.pk, father.pk), as_holder(log)
    died = str(timezone.localdate() - datetime.timedelta(days=9))
    first = markup(client.post(address, {"ground": "deceased"}))
    client.post(address, {"ground": "deceased", "step": "2", "day": died})
    grant = ConsentExceptionGrant.objects.get()
    client = signed_in(leader)
    page = markup(client.get(page_of("leader_decisions", log.pk)))

    client.post(page_of("sign_exception", log.pk, grant.pk), {"svar": "ja"})

    grant.refresh_from_db()
    assert ("Datoen for dødsfallet" in first, "Ola Berg" in page, grant.signed_by) == (True, True, leader)


def test_leader_says_no(log, leader):
    grant = ask_exception(log, log.guardians[1], now=timezone.now())

    signed_in(leader).post(page_of("sign_exception", log.pk, grant.pk), {"svar": "nei"})

    assert ConsentExceptionGrant.objects.count() == 0


def test_leader_blocks_and_lifts(log, leader):
    father = log.guardians[1]
    client = signed_in(leader)
    block = {"ground": "court", "decision_number": "2026/17", "last_day": str(NEXT_YEAR)}

    client.post(page_of("block_guardian", log.pk, father.pk), block)
    father.refresh_from_db()
    blocked = (father.blocked_last_day, father.blocked_signed_by)
    page = markup(client.get(page_of("leader_decisions", log.pk)))
    client.post(page_of("unblock_guardian", log.pk, father.pk))

    father.refresh_from_db()
    assert (blocked, father.blocked_last_day) == ((NEXT_YEAR, leader), None)
    assert "Opphev sperren" in page


def test_block_sent_again_does_not_block_anew(log, leader):
    father, client = log.guardians[1], signed_in(leader)
    block = {"ground": "court", "decision_number": "2026/17", "last_day": str(NEXT_YEAR), "form_key": str(uuid4())}

    client.post(page_of("block_guardian", log.pk, father.pk), block)
    client.post(page_of("unblock_guardian", log.pk, father.pk))
    again = client.post(page_of("block_guardian", log.pk, father.pk), block)

    father.refresh_from_db()
    assert (again.status_code, father.blocked_last_day) == (302, None)


@pytest.mark.parametrize("missing", ["ground", "decision_number", "last_day"])
def test_block_needs_everything(log, leader, missing):
    block = {"ground": "court", "decision_number": "2026/17", "last_day": str(NEXT_YEAR), missing: ""}

    response = signed_in(leader).post(page_of("block_guardian", log.pk, log.guardians[1].pk), block)

    assert (response.status_code, Guardian.objects.exclude(blocked_ground="").count()) == (422, 0)


def test_leader_sees_no_answer_and_the_visit_is_audited(log, leader):
    page = markup(signed_in(leader).get(page_of("leader_decisions", log.pk)))

    assert ("Venter på svar" in page, "Spurt" in page) == (False, False)
    event = ReadEvent.objects.get(what="signing")
    assert (event.actor_id, event.log_id, event.action, event.ground) == (leader.pk, log.pk, "listed", "led")


def test_nobody_else_reaches_the_signing_page(log, leader):
    others = [log.holder.user, log.guardians[0].user, make_leader(), make_employee(log.unit), make_participant(log)]

    codes = {signed_in(user).get(page_of("leader_decisions", log.pk)).status_code for user in others}

    assert codes == {404}
    assert ReadEvent.objects.filter(what="signing", action="refused").count() == len(others)


def test_leader_who_is_family_does_not_sign(log, leader):
    leader.national_id_index = "same"
    leader.save()
    mother = log.guardians[0]
    mother.national_id_index = "same"
    mother.save()

    assert signed_in(leader).get(page_of("leader_decisions", log.pk)).status_code == 404
