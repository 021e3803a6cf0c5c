"""«Dere er her»: the log says which level and step of the guide it stands at, in the guide's own words."""

import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.guides.models import Level
from apps.guides.services import publish
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import Evaluation, LevelChange
from apps.stafettlogg.rules import guide
from apps.stafettlogg.services import handovers
from apps.stafettlogg.services.plan import set_measure_status
from tests.factories import make_coordinator, make_employee, make_municipality
from tests.guides.factories import make_guide
from tests.markup import markup
from tests.stafettlogg.factories import make_goal, make_log, make_measure

pytestmark = pytest.mark.django_db


def page_of(client, log):
    client.force_login(log.holder.user)
    return markup(client.get(reverse("stafettlogg:detail", args=[log.pk])))


def here(page):
    return re.search(r'id="her">Dere er her i veilederen</h2><p[^>]*><a[^>]* href="([^"]+)">([^<]+)</a>', page).groups()


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize(
    ("status", "has_measures", "started", "step"),
    [
        (LogStatus.REQUESTED, False, False, 1),
        (LogStatus.ACTIVE, False, False, 2),
        (LogStatus.ACTIVE, True, True, 3),
        (LogStatus.CLOSED, True, True, 5),
    ],
)
def test_log_stands_at_the_level_the_municipality_offers_one_from(level, status, has_measures, started, step):
    make_municipality(log_from_level=level)
    log = make_log()
    log.status = status

    found = guide.step_of(log, has_measures=has_measures, started=started, today=timezone.localdate())

    assert found == f"n{level}s{step}"


@pytest.mark.parametrize(
    ("level", "name", "step"),
    [
        (1, "Hjelp i egen tjeneste", "Bli enige om mål og tiltak"),
        (2, "Samarbeid mellom tjenester", "Hold samarbeidsmøte"),
        (3, "Sammensatt samarbeid over tid", "Lag en samordnet plan"),
    ],
)
def test_overview_names_the_level_and_the_step(client, level, name, step):
    make_municipality(log_from_level=level)
    make_guide()

    page = page_of(client, make_log())

    assert here(page) == (f"/veileder/n{level}s2/", f"Nivå {level}, steg 2: {step}")
    assert f"Nivå {level} · {name}</span>" in page


def test_step_goes_on_with_the_plan_and_the_name_follows(client):
    make_municipality()
    make_guide()
    log = make_log()
    measure = make_measure(make_goal(log))
    set_measure_status(measure.pk, status="ongoing", actor=log.holder.user, now=timezone.now())

    assert here(page_of(client, log)) == ("/veileder/n1s3/", "Nivå 1, steg 3: Gjennomfør tiltakene")


def publish_level_name(name):
    level = Level.objects.get(number=1)
    level.name = {"nb": name}
    level.save()
    publish(actor=make_coordinator(), what_changed="Nytt navn", now=timezone.now())


def test_level_has_the_name_that_the_coordinator_published(client):
    make_municipality()
    make_guide()
    publish_level_name("Hjelp <der> barnet er")

    assert "Nivå 1 · Hjelp &lt;der&gt; barnet er</span>" in page_of(client, make_log())


def test_summary_names_the_levels_as_the_page_does(client):
    make_municipality()
    make_guide()
    publish_level_name("Hjelp der barnet er")
    log = make_log()
    evaluated = {"held_day": timezone.localdate(), "recorded_by": log.holder.user, "recorded_at": timezone.now()}
    evaluated |= {"decision": "level_down", "is_final": False}
    Evaluation.objects.create(log=log, level_before=2, level_after=1, **evaluated)
    LevelChange.objects.create(
        log=log, level_before=2, level_after=1, changed_at=timezone.now(), changed_by=log.holder.user
    )
    client.force_login(log.holder.user)

    content = client.get(reverse("stafettlogg:summary_pdf", args=[log.pk])).content

    words = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    # The evaluation stands on the level it was held at, as in the history.
    assert words.count("Nivå 1 · Hjelp der barnet er") == 1
    assert words.count("Nivå 2 · ") == 2


def test_name_that_is_shown_in_another_language_is_marked(client):
    make_municipality(languages=["nb", "nn"])
    make_guide()
    publish_level_name("Hjelp der barnet er")
    client.post("/sprak/", {"language": "nn"})

    assert 'Nivå 1 · <span lang="nb">Hjelp der barnet er</span></span>' in page_of(client, make_log())


def test_without_a_published_guide_the_numbers_stand_alone(client):
    make_municipality()

    page = page_of(client, make_log())

    assert here(page) == ("/veileder/n1s2/", "Nivå 1, steg 2")
    assert "Nivå 1</span>" in page


def test_person_who_is_asked_to_take_over_reads_the_name_of_the_level(client):
    make_municipality()
    make_guide()
    log = make_log()
    ane = make_employee(log.unit)
    offer = handovers.offer_handover(log.pk, to_membership=ane.membership, actor=log.holder.user, now=timezone.now())
    client.force_login(ane)

    page = client.get(reverse("stafettlogg:handover", args=[offer.pk])).content.decode()

    assert "Nivå 1 · Hjelp i egen tjeneste</span>" in page
