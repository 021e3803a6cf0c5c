import pytest
from django.utils import timezone

from apps.accounts.models import Membership, User
from apps.portal.seeding import bulk, start
from apps.stafettlogg import access
from apps.stafettlogg.models import Consent, Goal, Log, Measure, Message
from apps.stafettlogg.selectors.windows import sharing_by_unit
from tests.factories import make_municipality

NOW = timezone.now()
MANY = bulk.CHUNK + 1


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.mark.django_db(transaction=True)
def test_logs_are_made_outside_a_transaction_too():
    start.seed(now=NOW)
    bulk.grow(bulk.Size(units=1, staff=1), now=NOW)
    staff = list(Membership.objects.filter(pk=bulk.uuid_for("place", 0)))

    bulk.make_logs(MANY, staff=staff, now=NOW)
    bulk.make_logs(MANY, staff=staff, now=NOW)

    user = User.objects.get(pk=bulk.uuid_for("staff", 0))
    assert access.visible_logs(user, NOW).count() == MANY


@pytest.mark.django_db
def test_a_log_has_ten_entries_and_the_yes_of_both_guardians():
    start.seed(now=NOW)
    bulk.grow(bulk.Size(logs=1, units=1, staff=1), now=NOW)

    log = Log.objects.get(pk=bulk.uuid_for("log", 0))
    entries = [model.objects.filter(log=log).count() for model in (Message, Measure, Goal)]
    sharing = sharing_by_unit(log, NOW)[log.unit_id]
    assert entries == [6, 3, 1]
    assert Consent.objects.filter(log=log).count() == 2
    assert (sharing.is_open, sharing.until) == (True, log.holder.window.valid_until)


@pytest.mark.django_db
@pytest.mark.parametrize(("lowest", "levels"), [(1, {1, 2, 3}), (2, {2, 3}), (3, {3})])
def test_no_log_stands_below_the_level_the_municipality_offers_one_from(lowest, levels):
    make_municipality(log_from_level=lowest)
    start.seed(now=NOW)
    bulk.grow(bulk.Size(logs=6, units=1, staff=1), now=NOW)

    made = Log.objects.filter(pk__in=[bulk.uuid_for("log", number) for number in range(6)])
    assert {log.level for log in made} == levels
    assert Log.objects.filter(level__lt=lowest).count() == 0


@pytest.mark.django_db
def test_logs_without_staff_are_refused():
    with pytest.raises(ValueError, match="--staff"):
        bulk.make_logs(1, staff=[], now=NOW)
