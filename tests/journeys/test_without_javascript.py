"""The request and the consents without JavaScript, and the consent with the keyboard alone."""

import re

import pytest

from tests.journeys.person import NARROW, Person, answers_yes, writes_number

pytestmark = [pytest.mark.browser]

BORN = "2020-02-03"


def test_request_and_consent_without_javascript(live_app, pages):
    vilde = Person(pages, live_app, "Vilde Strand", java_script_enabled=False)
    aina = Person(pages, live_app, "Aina Rust", java_script_enabled=False)
    vilde.signs_in("ansatt").goes_to("/logger/ny/")
    vilde.writes("Fornavn", "Alma").writes("Etternavn", "Rust").writes("Fødselsdato", BORN).presses_button("Neste")
    part = vilde.part("Foresatt 1")
    vilde.writes("Navn", "Aina Rust", within=part).picks("Relasjon til barnet", "Mor", within=part)
    vilde.picks("Har du kontrollert foreldreansvaret?", "Ja. Jeg har sett dokument fra foresatt", within=part)
    vilde.writes("E-post", "aina.rust@solvik.example", within=part)
    writes_number(vilde, "Aina Rust", within=part)
    vilde.presses_button("Neste").presses_button("Neste").sees("Se over før du sender", "Alma", "Aina Rust")
    vilde.presses_button("Send forespørselen").sees("Forespørselen er sendt")

    aina.signs_in("foreldre").writes("Barnets fødselsdato", BORN).presses_button("Gå videre")
    answers_yes(aina).sees("Du har gitt samtykke").follows("Se stafettloggen").sees("Hvor er vi nå?")
    vilde.goes_to("/logger/").follows("Alma").sees("Dette gjenstår", "Bli enige om mål og tiltak")


def test_consent_with_the_keyboard_alone(live_app, pages):
    sara = Person(pages, live_app, "Sara Holt", **NARROW).goes_to("/")
    sara.keys("Tab").page.keyboard.press("Enter")  # «Hopp til hovedinnhold»
    assert sara.page.evaluate("document.activeElement.id") == "innhold"
    sara.enters("link", "Logg inn som forelder").enters("button", re.compile("^Sara Holt"))
    sara.enters("link", "Les og svar").enters("link", "Start").enters("button", "Neste steg")

    names = ("Solbakken barnehage", "NAV Solvik", "PP-tjenesten")
    groups = [sara.page.get_by_role("group", name=name, exact=True) for name in names]
    for group in groups[:2]:
        sara.tabs_to(group.get_by_label("Ja, dere kan samarbeide")).keys("Space")
    sara.tabs_to(groups[2].get_by_label("Ja, dere kan samarbeide")).keys("ArrowDown")
    assert groups[2].get_by_label("Nei, ikke del noe").is_checked()
    sara.enters("button", "Neste steg")
    sara.tabs_to(sara.page.get_by_label("Nei, jeg trenger ikke tolk")).keys("Space")
    sara.enters("button", "Neste steg").enters("button", "Send svaret mitt")

    sara.sees("Du har gitt samtykke", "Nei. Vi deler ikke noe")
    assert sara.page.get_by_role("link", name="Trekk samtykket").is_visible()
