"""S26: a guardian's whole portal is byte for byte the same whether the youth has a log of her own or not."""

import datetime
import io

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from pypdf import PdfReader

from apps.audit.enums import ReadAction
from apps.audit.models import ReadEvent
from apps.core.dates import OSLO
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.notifications.services import sweep_outbox
from apps.stafettlogg.models import Log
from apps.stafettlogg.services import consents, messages, own_logs, reminders, repeats
from apps.stafettlogg.services.coming_of_age import ask_new_adults
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.guardians import link_waiting_guardians
from tests import crawl
from tests.factories import make_citizen, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import give_consents
from tests.stafettlogg.family_pages import main_of, page_of, plain, signed_in
from tests.youth_logs import know_birth_date, make_parent, make_youth, own_log, says_yes, the_guardian

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 12, tzinfo=OSLO)
EIGHTEEN = datetime.datetime(2028, 5, 1, 0, 1, tzinfo=OSLO)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        make_municipality()
        load_start_texts(now=NOW)
        yield clock


@pytest.fixture
def nurse():
    unit = make_unit("Skolehelsetjenesten", kind=UnitKind.SCHOOL_HEALTH)
    make_leader(unit)
    return make_employee(unit, name="Nora Berge")


@pytest.fixture
def teacher():
    unit = make_unit("Fjordvik skole", kind=UnitKind.SCHOOL)
    make_leader(unit)
    return make_employee(unit, name="Silje Nes")


def sweep(now):
    """All that happens by itself."""
    link_waiting_guardians(now=now)
    repeats.tell_of_repeats(now=now)
    repeats.tell_of_two_logs(now=now)
    ask_new_adults(now=now)
    reminders.sweep(now=now)
    sweep_outbox(now=now)


def whole_portal(user, now):
    """Every page this person comes to, every address of any log, the notices, the e-mails and what stands in a PDF."""
    sweep(now)
    visitor = crawl.Visitor("guardian", user)
    start = [page_of("children"), page_of("birth_date"), page_of("wish"), reverse("portal:start"), "/varsler/"]
    found = {}
    for answer in crawl.crawl(visitor, start):
        text = words_of(answer.response) if answer.is_document else plain(answer.response)
        found[answer.url] = (answer.status, answer.response.headers.get("Location", ""), text)
    found["notices"] = list(Notice.objects.filter(recipient=user).values_list("kind", "url_name").order_by("pk"))
    found["mail"] = [(message.subject, message.body) for message in mail.outbox if user.email in message.to]
    return found


def words_of(pdf):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)


def asked_only(nurse):
    own_log(nurse)


def open_log(nurse):
    log = own_log(nurse)
    says_yes(log)
    messages.write_message(log.pk, text="Bare oss to", actor=nurse, now=NOW)


def open_and_ended(nurse):
    log = own_log(nurse)
    says_yes(log)
    consents.withdraw(log.pk, guardian_id=None, unit_ids=None, actor=nurse, now=NOW)


def let_in_and_out(nurse):
    log = own_log(nurse)
    says_yes(log, let_in={the_guardian(log).pk: "no"})
    own_logs.choose_readers(log.pk, {the_guardian(log).pk: "no"}, actor=nurse, now=NOW)


WAYS = (asked_only, open_log, open_and_ended, let_in_and_out)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("has_shared", [False, True], ids=["no other log", "a shared log"])
def test_s26_the_guardians_portal_is_the_same_with_and_without(nurse, teacher, clock, way, has_shared):
    aina = make_parent()
    make_youth()
    if has_shared:
        shared = own_log(teacher)
        know_birth_date(shared)
        give_consents(shared, now=NOW)
    whole_portal(aina, NOW)
    without = whole_portal(aina, NOW)

    way(nurse)

    assert whole_portal(aina, NOW) == without
    log = Log.objects.get(unit=nurse.membership.unit)
    assert not ReadEvent.objects.filter(actor_id=aina.pk, log_id=log.pk).exclude(action=ReadAction.REFUSED).exists()


def as_stranger(user):
    """Somebody of the same name with no child in the portal, and what is to be read as hers in his pages."""
    return make_citizen(user.name)


def same(found, user, other):
    """The pages of one person, as they would be of the other."""
    pages = {url: page for url, page in found.items() if url not in ("notices", "mail")}
    return {url: (status, to, text.replace(user.email, other.email)) for url, (status, to, text) in pages.items()}


def test_s26_a_guardian_who_wishes_for_a_log_meets_what_anyone_meets(nurse):
    """Also when the wish goes to the very service that has it."""
    aina = make_parent()
    make_youth()
    open_log(nurse)
    stranger = as_stranger(aina)

    met = []
    for user in (aina, stranger):
        client = signed_in(user)
        sent = client.post(
            page_of("wish"), {"unit": str(nurse.membership.unit_id), "child_name": "Test", "text": "Hjelp på skolen"}
        )
        met.append((sent.status_code, main_of(client.get(sent.url)), main_of(client.get(page_of("children")))))

    assert met[0][0] == 302
    assert met[0] == met[1]


def test_s26_at_18_nothing_reaches_a_guardian(nurse, clock):
    aina = make_parent()
    make_youth()
    open_log(nurse)
    stranger = as_stranger(aina)

    clock.move_to(EIGHTEEN)

    hers, his = whole_portal(aina, EIGHTEEN), whole_portal(stranger, EIGHTEEN)
    assert same(hers, aina, stranger) == same(his, stranger, stranger)
    assert (hers["notices"], hers["mail"]) == ([], [])
