"""S3: a service that knows a guardian is in the log on the child's consent, as any other."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from apps.audit.enums import Ground
from apps.core.dates import OSLO
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import About, Audience
from apps.stafettlogg.models import ConsentWindow, LogAccess
from apps.stafettlogg.services import consent_questions, consents
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.leaders import open_with_reason
from apps.stafettlogg.services.messages import write_message
from apps.stafettlogg.services.voices import add_voice
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import main_of, page_of, signed_in
from tests.stafettlogg.test_family_s1 import words_of

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 12, tzinfo=OSLO)
PAGES = ("parent_log", "family_messages", "family_people", "family_history", "family_seen")


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        load_start_texts(now=NOW - datetime.timedelta(days=1))
        yield


def family(*, names_shown: bool):
    """NAV is in the log and has done everything a service can do there; Mari has said yes about herself too."""
    make_municipality(show_staff_names=names_shown)
    above = make_unit("Velferd")
    nav = make_unit("NAV Solvik", kind=UnitKind.NAV, parent=above)
    child = logs.make_child()
    mari, ola = logs.make_guardian(child, name="Mari Vik"), logs.make_guardian(child, name="Ola Berg")
    log = logs.make_log(child=child, guardians=[mari, ola], now=NOW)
    consent_questions.ask_consent(
        log.pk, unit_ids=[nav.pk], own_guardian_ids={nav.pk: [mari.pk]}, actor=log.holder.user, now=NOW
    )
    logs.give_consents(log, now=NOW)
    nina = make_employee(nav, name="Nina Vang", title="Veileder i NAV")
    logs.make_participant(log, user=nina, now=NOW)
    measure = logs.make_measure(logs.make_goal(log, now=NOW), "Vi ringes hver fredag", responsible_id=nina.pk, now=NOW)
    write_message(log.pk, text="Fra tjenesten", audience=Audience.ALL, actor=nina, now=NOW)
    add_voice(
        log.pk,
        text="Jeg vil ha fri",
        told_to="Nina Vang",
        told_day=timezone.localdate(NOW),
        child_knows_readers=True,
        actor=nina,
        now=NOW,
    )
    assert signed_in(nina).get(page_of("plan", log.pk)).status_code == 200
    leader = make_leader(above, name="Vigdis Moen")
    open_with_reason(log.pk, ground=Ground.SUPPORT, actor=leader, now=NOW)
    assert signed_in(leader).get(page_of("plan", log.pk)).status_code == 200
    return log, mari, ola, measure


def everything(guardian, log) -> dict:
    client = signed_in(guardian.user)
    words = {name: main_of(client.get(page_of(name, log.pk))) for name in PAGES}
    words["pdf"] = words_of(client.get(page_of("family_download", log.pk)))
    for event in client.get(page_of("family_seen", log.pk)).context["months"][0].rows:
        if event.ask_url:
            words[event.ask_url] = main_of(client.get(event.ask_url))
    return words


def test_s03_the_other_guardian_meets_the_service_as_any_other_he_was_asked_about():
    log, mari, ola, _measure = family(names_shown=True)

    his, hers = everything(ola, log), everything(mari, log)

    for words in (his, hers):
        assert "NAV Solvik" in words["family_people"]
        assert "Nina Vang" in words["family_seen"]
    assert "om deg selv" not in " ".join(his.values())


def test_s03_what_she_takes_back_about_herself_leaves_the_service_where_it_is():
    log, mari, ola, _measure = family(names_shown=True)
    before = main_of(signed_in(ola.user).get(page_of("family_people", log.pk)))
    unit = ConsentWindow.objects.get(log=log, unit__kind=UnitKind.NAV).unit_id

    consents.withdraw(log.pk, guardian_id=mari.pk, unit_ids=[unit], about=About.OWN, actor=mari.user, now=NOW)

    assert LogAccess.objects.filter(content_object=log, window__unit=unit, window__valid_until__gt=NOW).exists()
    assert main_of(signed_in(ola.user).get(page_of("family_people", log.pk))) == before


def test_s16_asking_why_someone_looked_names_nobody_whose_identity_was_protected_since():
    log, mari, _ola, measure = family(names_shown=True)
    client = signed_in(mari.user)
    asked = [row.ask_url for row in client.get(page_of("family_seen", log.pk)).context["months"][0].rows if row.ask_url]
    assert any("Nina Vang" in main_of(client.get(url)) for url in asked)
    nina = measure.responsible
    nina.protected_identity = True
    nina.save()

    assert [url for url in asked if "jeg lurer på hvorfor nina vang" in main_of(client.get(url)).lower()] == []
