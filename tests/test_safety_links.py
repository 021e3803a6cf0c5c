"""S29 through HTTP: who is who. Never by an e-mail address alone, and a link that is wrong can be cut."""

import datetime
import io

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.utils import timezone
from pypdf import PdfReader

from apps.core.crypto import blind_index
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.notifications.selectors import tasks_for
from apps.stafettlogg import access
from apps.stafettlogg.enums import ConsentState, LogStatus, Relation, WindowBasis
from apps.stafettlogg.models import Consent, ConsentWindow, Guardian, LinkCut, PlaceCode
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.services import guardians, links
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_citizen, make_employee, make_leader, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import page_of, plain, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _texts():
    load_start_texts(now=timezone.now() - DAY)


def with_address(email, name="Tom Ek"):
    """A citizen who has confirmed this address."""
    user = make_citizen(name, email=email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def trusted(name, number="1", **fields):
    """A citizen who has signed in by an electronic identity."""
    return make_citizen(name, national_id_index=blind_index(PERSON, number), birth_year=1988, **fields)


def asked_for(**guardians_fields):
    holder = make_employee(make_leader(make_unit("Solbakken")).membership.unit)
    given = [logs.make_guardian_input(name, **fields) for name, fields in guardians_fields.items()]
    receipt = logs.request_as_typed(holder, guardians=given)
    from apps.stafettlogg.models import Log

    log = Log.objects.select_related("child", "holder__user").get(pk=receipt.id)
    return log, {guardian.name: guardian for guardian in log.child.guardians.all()}


def status(user, name, *args):
    return signed_in(user).get(page_of(name, *args)).status_code


# 1a: an address that belongs to another -------------------------------------------------------------------------------


def test_s29_address_that_is_anothers_gives_that_one_nothing_and_correcting_it_changes_nothing():
    """The holder writes Tom's address for Kari, and corrects it; responsibility is lost and confirmed again."""
    tom = with_address("tom.ek@solvik.example")
    log, family = asked_for(**{"Kari Riktig": {"email": "tom.ek@solvik.example"}})
    kari, holder, now = family["Kari Riktig"], log.holder.user, timezone.now()

    def of_tom():
        guardians.link_waiting_guardians(now=timezone.now())
        kari.refresh_from_db()
        told = Notice.objects.filter(recipient=tom).count()
        return kari.user, told, status(tom, "parent_log", log.pk), list(access.visible_logs(tom))

    nothing = (None, 0, 404, [])
    assert of_tom() == nothing
    kari.refresh_from_db()
    contact = {"phone": "", "language": "nb", "needs_interpreter": False, "version": kari.version}
    guardians.change_contact(log.pk, kari.pk, email="kari@solvik.example", actor=holder, now=now, **contact)
    assert of_tom() == nothing
    guardians.lose_responsibility(log.pk, kari.pk, how="register", actor=holder, now=now)
    guardians.confirm_responsibility(log.pk, kari.pk, how="register", actor=holder, now=now)
    assert of_tom() == nothing


# 1b: parents who share one address ------------------------------------------------------------------------------------


def test_s29_parents_who_share_an_address_are_not_taken_for_each_other():
    """The father is written first, with the mother's address: her account is not his place, and her answer not his."""
    mari = with_address("mari.lie@solvik.example", "Mari Lie")
    mari.national_id_index, mari.birth_year = blind_index(PERSON, "mari"), 1988
    mari.save()
    shared = {"email": "mari.lie@solvik.example"}
    log, family = asked_for(**{"Ola Annerledes": shared | {"relation": Relation.FATHER}, "Mari Lie": shared})
    ola, mother = family["Ola Annerledes"], family["Mari Lie"]

    hand_over_code(log, mother, mari)

    ola.refresh_from_db()
    mother.refresh_from_db()
    assert (ola.user, mother.user) == (None, mari)
    mother.birth_date_confirmed_at = timezone.now()
    mother.save()
    logs.give_consents(log, only=[mother])
    answered = Consent.objects.get(log=log, guardian=mother)
    receipt = plain(signed_in(mari).get(page_of("consent_receipt", log.pk, answered.answer_id)))
    assert "Ola Annerledes" not in receipt
    assert Consent.objects.get(log=log, guardian=ola).state == ConsentState.WAITING


# The code -------------------------------------------------------------------------------------------------------------


def code_for(log, guardian):
    """The code on the sheet the holder prints."""
    sheet = signed_in(log.holder.user).post(page_of("place_code", log.pk, guardian.pk))
    assert sheet.headers["Content-Type"] == "application/pdf", sheet.content.decode()
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet.content)).pages)
    assert guardian.name not in words
    return next(word for word in words.split() if word.count("-") == 7)


def use(user, code):
    """What the page says to the one who types it."""
    return signed_in(user).post(page_of("code"), {"code": code}).status_code


def confirm(log, answer="ja"):
    row = PlaceCode.objects.get(used_by__isnull=False, confirmed_at=None)
    return signed_in(log.holder.user).post(page_of("answer_place_code", log.pk, row.pk), {"svar": answer})


def hand_over_code(log, guardian, user):
    assert use(user, code_for(log, guardian)) == 302
    confirm(log)


def test_s29_code_links_when_the_holder_has_confirmed_and_not_before():
    log, family = asked_for(**{"Kari Riktig": {}})
    kari, user = family["Kari Riktig"], trusted("Kari Riktig")

    assert use(user, code_for(log, kari).lower().replace("-", " ")) == 302
    before = status(user, "parent_log", log.pk)
    page = plain(signed_in(log.holder.user).get(page_of("guardians", log.pk)))
    task = plain(signed_in(log.holder.user).get("/arbeidet-ditt/"))
    confirm(log)

    assert before == 404
    assert "av en som er født i 1988" in page
    assert "Bekreft hvem som har brukt koden for Emma" in task
    assert status(user, "parent_log", log.pk) == 302  # the birth date is asked for first
    assert Notice.objects.filter(recipient=user, kind="consent_waiting").count() == 1


def test_s29_holder_who_does_not_know_the_one_ends_the_code():
    log, family = asked_for(**{"Kari Riktig": {}})
    user = trusted("Tom Ek")
    use(user, code_for(log, family["Kari Riktig"]))

    confirm(log, "nei")

    assert Guardian.objects.get(pk=family["Kari Riktig"].pk).user is None
    assert not PlaceCode.objects.get().is_open(timezone.now())


@pytest.mark.parametrize(
    "why", ["wrong", "used", "old", "newer", "address", "five", "untrusted", "other_number", "another_guardian"]
)
def test_s29_code_that_does_not_hold_is_answered_the_same_and_links_nobody(why):
    log, family = asked_for(**{"Kari Riktig": {}, "Ola Berg": {"relation": Relation.FATHER}})
    kari, ola, holder = family["Kari Riktig"], family["Ola Berg"], log.holder.user
    user, code = trusted("Kari Riktig"), code_for(log, kari)
    at, later = timezone.now(), datetime.timedelta(0)
    if why == "wrong":
        code = code[:-1] + ("A" if code[-1] != "A" else "B")
    elif why == "used":
        use(trusted("Per", "2"), code)
    elif why == "old":
        later = 14 * DAY
    elif why == "newer":
        code_for(log, kari)
    elif why == "address":
        contact = {"phone": "", "language": "nb", "needs_interpreter": False, "version": kari.version}
        guardians.change_contact(log.pk, kari.pk, email="ny@solvik.example", actor=holder, now=at, **contact)
    elif why == "five":
        wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
        assert [links.use_code(wrong, actor=user, now=at) for _try in range(5)] == [False] * 5
    elif why == "untrusted":
        user = with_address("kari@solvik.example", "Kari Riktig")
    elif why == "other_number":
        kari.national_id_index = blind_index(PERSON, "another")
        kari.save()
    elif why == "another_guardian":
        ola.user = user
        ola.save()

    with time_machine.travel(timezone.now() + later, tick=False):
        page = signed_in(user).post(page_of("code"), {"code": code})

    assert page.status_code == 422
    assert "Koden stemmer ikke, eller den er for gammel. Be om en ny." in page.content.decode()
    kari.refresh_from_db()
    assert kari.user is None


def test_s29_code_is_kept_as_a_hash_alone():
    log, family = asked_for(**{"Kari Riktig": {}})
    code = code_for(log, family["Kari Riktig"]).replace("-", "")

    row = PlaceCode.objects.get()

    assert code.startswith(row.handle)
    assert code[len(row.handle) :] not in (row.secret_hash, row.handle)
    assert len(code) - len(row.handle) == 26


# Cutting --------------------------------------------------------------------------------------------------------------


def cut(log, guardian, reason="wrong_person"):
    return signed_in(log.holder.user).post(page_of("cut_link", log.pk, guardian.pk), {"reason": reason})


def test_s29_cut_link_ends_all_that_went_through_it_in_the_next_request():
    """Tom has answered as Kari, and the services read; the holder cuts the link, and the right person answers."""
    leader = make_leader(make_unit("Solbakken"))
    child = logs.make_child()
    tom = trusted("Tom Ek", "tom")
    kari = logs.make_guardian(child, name="Kari Riktig", user=tom, national_id_index=tom.national_id_index)
    ppt = make_unit("PPT", kind=UnitKind.PPT)
    log = logs.make_log(child=child, holder=make_employee(leader.membership.unit), unit_ids=[ppt.pk])
    helper = logs.make_participant(log, ppt)
    before = [status(user, "plan", log.pk) for user in (log.holder.user, helper)]

    assert cut(log, kari).status_code == 302

    assert before == [200, 200]
    assert [status(user, "plan", log.pk) for user in (log.holder.user, helper)] == [403, 404]
    assert status(tom, "parent_log", log.pk) == 404
    assert not Notice.objects.filter(recipient=tom, object_id=log.pk, retracted_at=None).exists()
    assert Notice.objects.filter(recipient=leader, kind="link_cut").count() == 1
    assert guardians.link_waiting_guardians(now=timezone.now()) == 0
    kari.refresh_from_db()
    assert (kari.user, kari.birth_date_confirmed_at, LinkCut.objects.get().user) == (None, None, tom)
    right = trusted("Kari Riktig", "kari")
    kari.national_id_index = ""
    kari.save()
    hand_over_code(log, kari, right)
    kari.refresh_from_db()
    kari.birth_date_confirmed_at = timezone.now()
    kari.save()
    logs.give_consents(log, only=[kari])
    assert status(log.holder.user, "plan", log.pk) == 200
    assert status(tom, "parent_log", log.pk) == 404


def test_s29_cutting_one_link_leaves_the_other_guardians_answers():
    child = logs.make_child()
    mari, ola = logs.make_guardian(child, name="Mari Vik"), logs.make_guardian(child, name="Ola Berg")
    log = logs.make_log(child=child, guardians=[mari, ola])

    cut(log, ola, "shared")

    states = dict(Consent.objects.filter(log=log).exclude(state="replaced").values_list("guardian__name", "state"))
    assert states == {"Mari Vik": ConsentState.GIVEN, "Ola Berg": ConsentState.WAITING}
    assert not Notice.objects.filter(recipient=mari.user, kind="consent_waiting", created_at__gt=log.opened_at).exists()
    assert not ConsentWindow.objects.filter(log=log, basis=WindowBasis.CONSENT, valid_until__gt=timezone.now()).exists()
    assert log.status == LogStatus.ACTIVE


def test_s29_link_is_cut_with_a_reason_from_the_list():
    log = logs.make_log()
    (mother,) = log.guardians

    assert cut(log, mother, "fordi").status_code == 422
    assert Guardian.objects.get(pk=mother.pk).user is not None


def test_s29_what_a_wrong_person_has_read_is_listed_and_reported_within_72_hours():
    """The leader of the unit finds the pages by day, never their content, and says when the ombud was told."""
    leader = make_leader(make_unit("Solbakken"), name="Lars Bakken")
    child = logs.make_child("Emma")
    tom = trusted("Tom Ek", "tom")
    kari = logs.make_guardian(child, name="Kari Riktig", user=tom, national_id_index=tom.national_id_index)
    log = logs.make_log(child=child, guardians=[kari], holder=make_employee(leader.membership.unit))
    for page in ("parent_log", "family_history", "family_history"):
        assert status(tom, page, log.pk) == 200
    signed_in(log.holder.user).get(page_of("plan", log.pk))  # not through the place
    now = timezone.now()
    cut(log, kari)
    (row,) = LinkCut.objects.all()

    task = next(due for due in tasks_for(leader, now) if due.code == "breach")
    page = plain(signed_in(leader).get(page_of("leader_decisions", log.pk)))

    assert (task.title, task.due_day) == (
        "Meld et brudd på personvernet om Emma",
        timezone.localdate(row.cut_at + datetime.timedelta(hours=72)),
    )
    assert "Noen andre har vært logget inn som Kari Riktig" in page
    assert ("«Hvor er vi nå», klokka" in page, "Historikken, 2 ganger mellom klokka" in page) == (True, True)
    assert page.count("klokka") == 4  # the cut, the two pages, and the deadline
    assert tasks_for(log.holder.user, now, concerns="leader") == []

    reported = signed_in(leader).post(page_of("breach_reported", log.pk, row.pk), follow=True)

    assert "Lars Bakken skrev" in plain(reported)
    assert [due.code for due in tasks_for(leader, now) if due.code == "breach"] == []


def test_s29_breach_is_reported_by_a_leader_of_the_unit_about_a_child_of_the_unit_alone():
    leader, log, other = make_leader(make_unit("Solbakken")), logs.make_log(), logs.make_log()
    own = logs.make_log(holder=make_employee(leader.membership.unit))
    for one in (log, own):
        cut(one, one.guardians[0])
    of_log, of_own = (LinkCut.objects.get(guardian=one.guardians[0]) for one in (log, own))

    def answer(user, at, cut_row):
        return signed_in(user).post(page_of("breach_reported", at.pk, cut_row.pk)).status_code

    assert (answer(leader, log, of_log), answer(own.holder.user, own, of_own), answer(leader, own, of_log)) == (
        404,
    ) * 3
    assert answer(other.holder.user, own, of_own) == 404
    assert not LinkCut.objects.exclude(dpo_told_at=None).exists()


def test_s29_link_cut_because_the_guardian_asked_is_no_breach():
    leader = make_leader(make_unit("Solbakken"))
    log = logs.make_log(holder=make_employee(leader.membership.unit))
    cut(log, log.guardians[0], "own_wish")

    assert [due.code for due in tasks_for(leader, timezone.now())] == []
    assert "har vært logget inn" not in plain(signed_in(leader).get(page_of("leader_decisions", log.pk)))


# Whether there are others --------------------------------------------------------------------------------------------


def test_s29_that_the_register_shows_no_others_stands_with_its_day_and_who_looked():
    log, _family = asked_for(**{"Kari Riktig": {}})
    holder = log.holder.user
    page = page_of("guardians", log.pk)
    assert "Ingen har sett etter i Folkeregisteret ennå." in plain(signed_in(holder).get(page))

    done = plain(signed_in(holder).post(page_of("no_others", log.pk), follow=True))

    log.refresh_from_db()
    assert (log.no_others_day, log.no_others_by) == (timezone.localdate(), holder)
    assert f"{holder.name} så etter i Folkeregisteret" in done
    assert signed_in(make_employee()).post(page_of("no_others", log.pk)).status_code == 404


# What was written through a link that is cut -----------------------------------------------------------------------


def test_s29_what_was_written_through_a_cut_link_is_marked_and_the_private_part_is_not_for_the_right_one():
    mother_of = make_employee(make_leader(make_unit("Solbakken")).membership.unit, name="Ane Lund")
    child = logs.make_child()
    mari = logs.make_guardian(child, name="Mari Vik", user=trusted("Gal Person", "wrong"))
    log = logs.make_log(holder=mother_of, child=child, guardians=[mari])
    wrong, now = mari.user, timezone.now()
    write_message(log.pk, text="Dette er min hemmelighet", actor=wrong, now=now)
    write_message(log.pk, text="Hei alle sammen", audience="all", actor=wrong, now=now)
    reply = {"audience": "holder", "thread_guardian_id": mari.pk}
    write_message(log.pk, text="Svar til deg alene", actor=mother_of, now=now, **reply)

    links.cut_link(log.pk, mari.pk, reason="wrong_person", actor=mother_of, now=timezone.now())
    mari.refresh_from_db()
    mari.user, mari.birth_date_confirmed_at = trusted("Mari Vik", "right"), timezone.now()
    mari.save()
    logs.give_access(log, mari.user)

    right = signed_in(mari.user)
    hers = plain(right.get(page_of("family_messages", log.pk))) + plain(right.get(page_of("family_history", log.pk)))
    assert "Hei alle sammen" in hers
    assert "En som ikke er koblet til lenger" in hers
    assert not any(words in hers for words in ("Dette er min hemmelighet", "Svar til deg alene", "Gal Person"))
    logs.open_window(log, mother_of.membership.unit)
    holders = plain(signed_in(mother_of).get(page_of("messages", log.pk)))
    assert "Dette er min hemmelighet" in holders
    assert "Gal Person" not in holders
    assert "Bare En som ikke er koblet til lenger og stafettholderen" in holders
