"""S27 through HTTP: an exception carries its proof, ends by itself, and never beats a no by a lighter ground."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from apps.core.dates import end_of_day
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg.enums import ContactChannel, ExceptionGround, LogStatus, WindowBasis
from apps.stafettlogg.models import ConsentExceptionGrant, ConsentWindow
from apps.stafettlogg.services import consent_questions, consents, windows
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_employee, make_leader, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.exempt import ask_exception, make_exempt, seek
from tests.stafettlogg.family_pages import page_of, plain, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
NOTHING_TO_DO = "Du har ingenting du må gjøre nå"


@pytest.fixture(autouse=True)
def _texts():
    load_start_texts(now=timezone.now() - 400 * DAY)


class Case:
    """A log in Solbakken that Ane holds and Lars leads; Mari and Ola are asked about it and about PPT. The leader of
    the health line is Hege. It began `ago` days ago; a request is so new that it can be answered.
    """

    def __init__(self, *, status=LogStatus.ACTIVE, ago=None):
        now = timezone.now() - (ago or (120 if status == LogStatus.ACTIVE else 40)) * DAY
        top = make_unit("Solvik kommune", kind=UnitKind.MUNICIPALITY)
        self.own = make_unit("Solbakken", parent=make_unit("Oppvekst", kind=UnitKind.SECTOR, parent=top))
        self.ppt = make_unit("PPT", kind=UnitKind.PPT, parent=self.own.parent)
        health = make_unit("Helse", kind=UnitKind.SECTOR, parent=top)
        self.lars, self.hege = make_leader(self.own, name="Lars Vang"), make_leader(health, name="Hege Dal")
        self.ane = make_employee(self.own, name="Ane Solheim")
        child = logs.make_child()
        self.mari = logs.make_guardian(child, name="Mari Vik")
        self.ola = logs.make_guardian(child, name="Ola Berg")
        self.log = logs.make_log(
            child=child,
            guardians=[self.mari, self.ola],
            holder=self.ane,
            unit_ids=[self.ppt.pk],
            status=LogStatus.REQUESTED,
            now=now,
        )
        if status == LogStatus.ACTIVE:
            logs.give_consents(self.log, now=now)
            self.helper = logs.make_participant(self.log, self.ppt, now=now)

    def get(self, user, name, *args):
        return signed_in(user).get(page_of(name, self.log.pk, *args))

    def post(self, user, name, *args, **sent):
        return signed_in(user).post(page_of(name, self.log.pk, *args), sent)

    def ask_about_more(self, unit, *, now=None):
        consent_questions.ask_consent(self.log.pk, unit_ids=[unit.pk], actor=self.ane, now=now or timezone.now())


# D1: a yes that is taken back while one is said to be out of reach ----------------------------------------------------


def test_s27_what_an_exempt_guardian_withdraws_is_shared_no_more_in_the_next_request():
    """He has answered and is asked about more; the holder says he is out of reach, the leader signs, he withdraws."""
    case = Case()
    nurse = make_unit("Helsestasjonen", kind=UnitKind.HEALTH_STATION)
    case.ask_about_more(nurse)
    logs.give_consents(case.log, only=[case.mari])
    make_exempt(case.log, case.ola, case.lars, ExceptionGround.UNREACHABLE, now=timezone.now())
    reader = logs.make_participant(case.log, nurse)
    before = [case.get(user, "plan").status_code for user in (case.ane, case.helper, reader)]
    assert NOTHING_TO_DO not in signed_in(case.ola.user).get(page_of("children")).content.decode()

    page = plain(case.get(case.ola.user, "withdraw_all"))
    client = signed_in(case.ola.user)
    receipt = client.post(page_of("withdraw_all", case.log.pk), {}, follow=True)

    assert before == [200, 200, 200]
    assert "Ingen tjenester kan lese stafettloggen lenger." in page
    assert "Ingen tjeneste leser stafettloggen." in receipt.content.decode()
    assert [case.get(user, "plan").status_code for user in (case.ane, case.helper, reader)] == [403, 404, 404]
    assert not ConsentWindow.objects.filter(
        log=case.log, basis=WindowBasis.CONSENT, valid_until__gt=timezone.now()
    ).exists()


def test_s27_no_of_an_exempt_guardian_stops_the_sharing_in_the_next_request():
    case = Case(status=LogStatus.REQUESTED)
    logs.give_consents(case.log, only=[case.mari])
    make_exempt(case.log, case.ola, case.lars, ExceptionGround.UNREACHABLE, now=timezone.now())
    assert case.get(case.ane, "plan").status_code == 200
    assert NOTHING_TO_DO not in signed_in(case.ola.user).get(page_of("children")).content.decode()

    logs.give_consents(case.log, only=[case.ola], yes=False)

    assert case.get(case.ane, "plan").status_code == 403
    grant = ConsentExceptionGrant.objects.get()
    assert not grant.is_in_force(timezone.now())


def test_s27_yes_of_an_exempt_guardian_makes_the_exception_needless():
    case = Case(status=LogStatus.REQUESTED)
    logs.give_consents(case.log, only=[case.mari])
    make_exempt(case.log, case.ola, case.lars, ExceptionGround.UNREACHABLE, now=timezone.now())

    logs.give_consents(case.log, only=[case.ola])

    window = ConsentWindow.objects.get(log=case.log, unit=case.own)
    assert case.get(case.ane, "plan").status_code == 200
    assert window.valid_until > timezone.now() + 300 * DAY
    assert not ConsentExceptionGrant.objects.get().is_in_force(timezone.now())


@pytest.mark.parametrize("heard", ["answered", "signed_in", "spoken"])
def test_s27_who_was_heard_from_is_not_out_of_reach(heard):
    case = Case(ago=20 if heard == "answered" else None)
    if heard == "signed_in":
        signed_in(case.ola.user)
    if heard == "spoken":
        seek(case.log, case.ola, now=timezone.now(), days=[30], channels=[ContactChannel.PHONE], reached=True)
    seek(case.log, case.ola, now=timezone.now())

    last_day = str(timezone.localdate() + 30 * DAY)
    page = case.post(
        case.ane,
        "guardian_exception",
        case.ola.pk,
        ground="unreachable",
        step="2",
        last_day=last_day,
        untold_reason="brev",
    )

    assert page.status_code == 422
    assert "svart, logget inn eller snakket med dere" in page.content.decode()
    assert not ConsentExceptionGrant.objects.exists()


# D1b: a recorded no, and a ground that is lighter --------------------------------------------------------------------


def withdraw(case, *units, ago=5):
    """Ola said yes, and took it back so many days ago: all of it, or for these units."""
    unit_ids = [unit.pk for unit in units] or None
    with time_machine.travel(timezone.now() - ago * DAY, tick=False):
        taken_back = {"guardian_id": case.ola.pk, "unit_ids": unit_ids, "actor": case.ola.user}
        consents.withdraw(case.log.pk, now=timezone.now(), **taken_back)


def asked(case, ground, **fields):
    proof = {"day": str(timezone.localdate() - DAY), "last_day": str(timezone.localdate() + 30 * DAY)}
    return case.post(
        case.ane,
        "guardian_exception",
        case.ola.pk,
        ground=ground,
        step="2",
        **{"untold_reason": "brev", **proof, **fields},
    )


@pytest.mark.parametrize("ground", ["unreachable", "lacks_capacity"])
def test_s27_lighter_grounds_never_stand_against_a_no_however_old(ground):
    case = Case(ago=200)
    withdraw(case, case.ppt, ago=150)
    seek(case.log, case.ola, now=timezone.now())

    page = asked(case, ground, source="doctor", number="12")

    assert page.status_code == 422
    assert "Den foresatte har sagt nei, og da gjelder svaret." in page.content.decode()
    assert not ConsentExceptionGrant.objects.exists()


def test_s27_decision_against_a_no_needs_its_number_and_two_leaders_of_different_lines():
    """He withdrew; the holder chooses «En myndighet har bestemt det»; the leader signs."""
    case = Case(ago=200)
    withdraw(case)
    bare = case.post(case.ane, "guardian_exception", case.ola.pk, ground="authority", step="2")
    assert (bare.status_code, ConsentExceptionGrant.objects.count()) == (422, 0)
    assert asked(case, "authority", source="court", number="2026/17").status_code == 302
    grant = ConsentExceptionGrant.objects.get()

    page = plain(case.get(case.lars, "sign_exception", grant.pk))
    alone = case.post(case.lars, "sign_exception", grant.pk, svar="ja")
    assert "Denne foresatte har sagt nei" in page
    assert "2026/17" in page
    assert (alone.status_code, case.get(case.ane, "plan").status_code) == (422, 403)

    heard = str(timezone.localdate())
    case.post(case.lars, "sign_exception", grant.pk, svar="ja", second=str(case.hege.pk), dpo_heard_day=heard)
    assert case.get(case.ane, "plan").status_code == 403
    second = page_of("second_signature", grant.pk)
    assert signed_in(case.lars).get(second).status_code == 404
    assert "Denne foresatte har sagt nei" in plain(signed_in(case.hege).get(second))
    signed_in(case.hege).post(second, {"svar": "ja"})

    consent_questions.ask_consent(case.log.pk, unit_ids=[case.own.pk], actor=case.ane, now=timezone.now())
    logs.give_consents(case.log, only=[case.mari])
    assert case.get(case.ane, "plan").status_code == 200
    own_page = plain(signed_in(case.ola.user).get(page_of("children")))
    assert "Kommunen kan dele om Emma selv om du har sagt nei." in own_page
    assert NOTHING_TO_DO not in own_page


def test_s27_first_signature_is_taken_back_while_the_second_is_missing():
    case = Case(ago=200)
    withdraw(case)
    asked(case, "authority", source="court", number="2026/17")
    grant, heard = ConsentExceptionGrant.objects.get(), str(timezone.localdate())
    case.post(case.lars, "sign_exception", grant.pk, svar="ja", second=str(case.hege.pk), dpo_heard_day=heard)
    assert "Trekk signaturen din for Ola" in plain(case.get(case.lars, "leader_decisions"))

    case.post(case.lars, "sign_exception", grant.pk, svar="nei")

    assert not ConsentExceptionGrant.objects.exists()
    assert signed_in(case.hege).get(page_of("second_signature", grant.pk)).status_code == 404
    assert Notice.objects.filter(recipient=case.ane, kind="exception_declined").count() == 1


def test_s27_that_a_leader_read_a_no_is_shown_to_the_guardian_who_said_it_alone():
    case = Case(ago=200)
    withdraw(case)
    grant = ask_exception(case.log, case.ola, now=timezone.now())

    case.get(case.lars, "leader_decisions")
    nothing_yet = plain(case.get(case.ola.user, "family_seen"))
    case.get(case.lars, "sign_exception", grant.pk)

    assert "Lars Vang" not in nothing_yet
    seen = plain(case.get(case.ola.user, "family_seen"))
    assert ("Lars Vang" in seen, "Så hva du har svart" in seen) == (True, True)
    assert "Lars Vang" not in plain(case.get(case.mari.user, "family_seen"))
    assert "Lars Vang" not in plain(case.get(case.ane, "seen"))


# The proof of each ground ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "channels", "enough"),
    [
        ((20, 10), ("phone", "letter"), True),
        ((20, 10), ("phone", "phone"), False),
        ((10, 10), ("phone", "letter"), False),
        ((120, 10), ("phone", "letter"), False),
        ((20,), ("phone",), False),
    ],
)
def test_s27_out_of_reach_is_two_attempts_in_two_ways_on_two_days(days, channels, enough):
    case = Case(status=LogStatus.REQUESTED)
    seek(case.log, case.ola, now=timezone.now(), days=days, channels=channels)

    page = asked(case, "unreachable")

    assert (page.status_code, ConsentExceptionGrant.objects.count()) == ((302, 1) if enough else (422, 0))


def test_s27_leader_signs_a_week_after_the_second_attempt():
    case = Case(status=LogStatus.REQUESTED)
    logs.give_consents(case.log, only=[case.mari])
    seek(case.log, case.ola, now=timezone.now(), days=(10, 6))
    grant = ask_exception(case.log, case.ola, ExceptionGround.UNREACHABLE, now=timezone.now())

    case.post(case.lars, "sign_exception", grant.pk, svar="ja")
    early = case.get(case.ane, "plan").status_code
    with time_machine.travel(timezone.now() + DAY, tick=False):
        case.post(case.lars, "sign_exception", grant.pk, svar="ja")

        assert (early, case.get(case.ane, "plan").status_code) == (403, 200)


@pytest.mark.parametrize(
    ("ground", "days"), [("unreachable", 95), ("lacks_capacity", 370), ("unreachable", -1), ("authority", -1)]
)
def test_s27_no_exception_lasts_longer_than_its_ground(ground, days):
    case = Case(status=LogStatus.REQUESTED)
    seek(case.log, case.ola, now=timezone.now())
    last_day = str(timezone.localdate() + days * DAY)

    source = "doctor" if ground == "lacks_capacity" else "court"
    page = asked(case, ground, source=source, number="1", last_day=last_day)

    assert (page.status_code, ConsentExceptionGrant.objects.count()) == (422, 0)


def test_s27_exception_ends_by_itself_like_any_consent():
    case = Case(status=LogStatus.REQUESTED)
    logs.give_consents(case.log, only=[case.mari])
    last_day = timezone.localdate() + 30 * DAY
    make_exempt(case.log, case.ola, case.lars, ExceptionGround.UNREACHABLE, now=timezone.now(), last_day=last_day)

    assert ConsentWindow.objects.get(log=case.log, unit=case.own).valid_until == end_of_day(last_day)
    with time_machine.travel(end_of_day(last_day), tick=False):
        assert case.get(case.ane, "plan").status_code == 403
        windows.expire_windows(now=timezone.now())
        assert case.get(case.ane, "plan").status_code == 403


def test_s27_second_leader_is_of_another_line_and_no_family():
    from apps.stafettlogg.selectors.signing import leaders_of_other_lines

    case = Case(status=LogStatus.REQUESTED)
    grant = ask_exception(case.log, case.ola, now=timezone.now(), untold_reason="danger_to_child")
    others = {"first": case.lars, "now": timezone.now()}
    assert [place.user for place in leaders_of_other_lines(case.log, grant, **others)] == [case.hege]

    case.ola.national_id_index = case.hege.national_id_index = "same"
    case.ola.save()
    case.hege.save()

    assert leaders_of_other_lines(case.log, grant, **others) == []
