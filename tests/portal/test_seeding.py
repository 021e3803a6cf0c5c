"""The invented municipality of the demo, made in the tests' own database; and the page of states."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.accounts.models import User
from apps.guides.models import GuideVersion
from apps.municipality.models import Unit
from apps.stafettlogg.models import Log
from tests.markup import markup
from tests.stafettlogg.family_pages import signed_in

pytestmark = pytest.mark.django_db


def test_demo_is_made_once_and_grows(settings, capsys):
    settings.DEMO = True

    call_command("seed_demo")
    first = (Log.objects.count(), User.objects.count(), Unit.objects.count())
    call_command("seed_demo", logs=3, units=2, staff=4)
    grown = (Log.objects.count(), User.objects.count(), Unit.objects.count())

    said = capsys.readouterr().out
    assert ("Solvik kommune is made." in said, "Solvik kommune was there already." in said) == (True, True)
    assert grown[0] == first[0] + 3
    assert grown[1] == first[1] + 4
    assert grown[2] == first[2] + 2
    assert GuideVersion.objects.count() == 1


def test_demo_shows_who_has_seen_a_log_and_why_a_service_is_asked_for(settings):
    settings.DEMO = True
    call_command("seed_demo")
    ola = User.objects.get(name="Ola Nordmann")
    log = Log.objects.get(child__given_name="Emma", child__guardians__user=ola)
    family = signed_in(ola)

    seen = markup(family.get(reverse("stafettlogg:family_seen", args=[log.pk])))
    asked = markup(family.get(reverse("stafettlogg:own_consents", args=[log.pk])))

    assert "Ane Solheim" in seen
    assert "Lederen ser over alle loggene" in seen
    assert "For å hjelpe Emma med språket" in asked


def test_demo_shows_a_blocked_guardian_and_consents_that_run_out_and_have_run_out(settings):
    settings.DEMO = True
    call_command("seed_demo")
    children = reverse("stafettlogg:children")

    def page_of(name):
        return markup(signed_in(User.objects.get(name=name)).get(children))

    assert "Oskar" in page_of("Runa Dale")
    assert "Oskar" not in page_of("Trym Dale")
    assert "gjelder til" in page_of("Signe Moen")
    assert "gikk ut" in page_of("Jo Ask")


def test_demo_is_made_in_the_demo_only(settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert User.objects.count() == 0


def test_page_of_states_holds_every_table(settings, capsys):
    call_command("states_doc")

    assert capsys.readouterr().out == (settings.BASE_DIR / "docs" / "states.md").read_text("utf-8")
