"""What a person has typed survives a mistake, an expired sign-in, a double click and another tab; and is saved once."""

import datetime
import re

import pytest

from apps.core.models import Draft
from apps.stafettlogg.models import Child, ConsentAnswer, Measure, Message
from tests.journeys.person import Person

pytestmark = [pytest.mark.browser]

KEPT = "Du var logget ut. Vi har tatt vare på det du skrev."
ERRORS = "For å gå videre må du rette opp følgende feil"


@pytest.fixture
def count(live_app, django_db_blocker):
    def count(model, **fields) -> int:
        with live_app.orm(django_db_blocker):
            return model.objects.filter(**fields).count()

    return count


def comes_back(person, button) -> None:
    """Sends on a sign-in that has ended, signs in again, and is on the same page."""
    here = person.path
    person.is_forgotten_by_the_server().presses_button(button)
    person.sees(KEPT).presses_button(re.compile(f"^{person.name}"))
    assert person.path.partition("?")[0] == here.partition("?")[0]


def test_request(live_app, pages, count):
    ane = Person(pages, live_app, "Ane Solheim").signs_in("ansatt").goes_to("/logger/ny/")
    ane.writes("Fornavn", "Vilja").writes("Etternavn", "Rust").presses_button("Neste").sees(ERRORS)
    ane.has_written("Fornavn", "Vilja").writes("Fødselsdato", "2021-05-17").presses_button("Neste")
    first = ane.part("Foresatt 1")
    ane.writes("Navn", "Aina Rust", within=first).picks("Relasjon til barnet", "Mor", within=first)
    ane.writes("E-post", "aina.rust@solvik.example", within=first).presses_button("Neste").sees(ERRORS)
    first = ane.part("Foresatt 1")
    ane.has_written("Navn", "Aina Rust", within=first)

    how = "Ja. Jeg har slått opp i Folkeregisteret"
    ane.picks("Har du kontrollert foreldreansvaret?", how, within=first)
    comes_back(ane, "Neste")
    ane.has_written("Fornavn", "Vilja").presses_button("Neste")
    first = ane.part("Foresatt 1")
    ane.has_written("E-post", "aina.rust@solvik.example", within=first).presses_button("Neste").ticks("PP-tjenesten")

    ane.page.go_back()
    ane.has_written("E-post", "aina.rust@solvik.example", within=ane.part("Foresatt 1")).page.go_forward()
    ane.ticks("PP-tjenesten").presses_button("Neste").sees("Se over før du sender", "17.05.2021", "PP-tjenesten")
    ane.follows("Endre Barnet").has_written("Fødselsdato", "2021-05-17")
    ane.goes_to("/logger/ny/?side=4")
    assert count(Child, given_name="Vilja") == 0
    ane.presses_twice("Send forespørselen", then="Forespørselen er sendt")
    assert (count(Child, given_name="Vilja"), count(Draft)) == (1, 0)


def test_consent(live_app, pages, count):
    nils = Person(pages, live_app, "Nils Holt").signs_in("foreldre").follows("Les og svar").follows("Start")
    nils.presses_button("Neste steg")
    noes = nils.page.get_by_label("Nei, ikke del noe", exact=True).all()
    for choice in noes[:-1]:
        choice.check()
    nils.presses_button("Neste steg").sees(ERRORS)
    nils.page.get_by_label("Ja, dere kan samarbeide").last.check()
    comes_back(nils, "Neste steg")
    assert nils.page.locator("input[type=radio]:checked").count() == len(noes) > 1
    nils.presses_button("Neste steg")

    label, text = "Skriv hva vi ikke skal dele", "Ikke noe om jobben min."
    nils.writes(label, text).presses_button("Neste steg").sees(ERRORS).has_written(label, text)
    nils.ticks("Nei, jeg trenger ikke tolk")
    comes_back(nils, "Neste steg")
    nils.has_written(label, text).presses_button("Neste steg").sees(text)

    nils.is_forgotten_by_the_server().presses_button("Send svaret mitt").sees(KEPT)
    nils.presses_button(re.compile("^Nils Holt")).sees("Steg 4 av 4", text)
    nils.presses_twice("Send svaret mitt", then="Du har gitt samtykke").sees(text)
    assert count(ConsentAnswer, guardian__name="Nils Holt") == 1


def test_message(live_app, pages, count):
    mari = Person(pages, live_app, "Mari Lie").signs_in("foreldre").follows("Se stafettloggen").follows("Beskjeder")
    button, form = "Send beskjeden", mari.page.locator("main form")
    mari.ticks("Alle i stafettloggen").presses_button(button).sees(ERRORS)
    assert mari.page.get_by_label("Alle i stafettloggen").is_checked()

    text, before = "Emma gledet seg til i morgen.\nTakk for i dag!", count(Message, author__name="Mari Lie")
    mari.writes("Beskjed", text, within=form)
    comes_back(mari, button)
    mari.has_written("Beskjed", text, within=form)
    assert mari.page.get_by_label("Alle i stafettloggen").is_checked()

    mari.presses_twice(button, then="Takk for i dag!")
    assert count(Message, author__name="Mari Lie") == before + 1


def test_measure(live_app, pages, count):
    ane = Person(pages, live_app, "Ane Solheim").signs_in("ansatt").follows("Emma").follows("Mål og tiltak")
    ane.follows("Legg til tiltak")
    button, form, text = "Lagre tiltaket", ane.page.locator("main form"), "Ane og Emma leser sammen hver fredag"
    ane.writes("Tiltak", text, within=form).writes("Frist", "2099-01-15").writes("Notat", "Bøkene ligger klare.")

    ane.presses_button(button).sees(ERRORS).has_written("Tiltak", text, within=form)
    ane.ticks("Hjemme")
    comes_back(ane, button)
    ane.has_written("Tiltak", text, within=form).has_written("Frist", "2099-01-15")
    ane.has_written("Notat", "Bøkene ligger klare.")

    ane.presses_twice(button, then=text)
    assert count(Measure, due_day=datetime.date(2099, 1, 15)) == 1


def test_two_tabs(live_app, pages, count):
    silje = Person(pages, live_app, "Silje Nes").signs_in("ansatt").follows("Sander,").follows("Skriv hvorfor")
    label, mine, theirs = (
        "Hvorfor har dere åpnet stafettloggen?",
        "Det jeg skrev først",
        "Det jeg skrev i en annen fane",
    )
    other = silje.opens_another_tab()
    silje.writes(label, mine)
    other.writes(label, theirs).presses_button("Lagre teksten")

    silje.presses_button("Lagre teksten").sees("Noen lagret før deg", "ikke borte", mine, theirs)
    form = silje.page.locator("main form")
    silje.has_written(label, mine, within=form).writes(label, f"{mine}. {theirs}.", within=form)
    silje.presses_button("Lagre min tekst")

    silje.sees(f"{mine}. {theirs}.")


def test_second_step_of_a_handover(live_app, pages, count):
    jonas = Person(pages, live_app, "Jonas Eide").signs_in("ansatt").follows("Liv,").follows("Gi stafettpinnen videre")
    jonas.picks("Hvilken tjeneste?", "Solbakken barnehage").presses_button("Neste")
    label, letter = "Hva bør den som tar over, vite?", "Liv trives best med få om gangen."
    jonas.writes(label, letter)

    comes_back(jonas, "Send tilbudet")

    jonas.sees("Gi stafettpinnen til Solbakken barnehage").has_written(label, letter)
