"""The main job in one go, with only the browser: from a worry to a closed stafettlogg, as the demo's people."""

import datetime

import pytest

from tests.journeys.person import NARROW, Person, answers_yes, writes_number

pytestmark = [pytest.mark.browser]

CHILD = "Tiril"
BORN = "2020-04-12"
REASON = "Tiril vil helst være inne når de andre leker ute."
GOAL = "Tiril leker med noen ute hver dag"
MEASURE = "Mona setter i gang en lek med Tiril i hver utetid"
LIMITS = "Ikke del noe om søsken"
LETTER = "Ida og Per vil helst ringes etter klokka 16."
VOICE = "Jeg liker meg ute når Mona er med."
CONTENT = [REASON, GOAL, MEASURE, VOICE, LETTER]
WAITING = "Vi har ikke fått alle svarene vi trenger. Vi deler ingenting ennå."


def test_from_a_worry_to_a_shared_log_and_to_its_end(live_app, pages, tmp_path):
    ane, jonas = Person(pages, live_app, "Ane Solheim"), Person(pages, live_app, "Jonas Eide")
    ida, per = Person(pages, live_app, "Ida Fjell", **NARROW), Person(pages, live_app, "Per Fjell")

    ane_follows_the_guide_to_the_request(ane)
    ane_asks_for_a_log(ane)
    parents_answer_one_by_one(ida, per)
    ane_opens_the_log_and_makes_a_plan(ane, ida)
    ppt_is_invited_with_consent(ane, jonas, ida, per)
    jonas_takes_over(ane, jonas, ida)
    jonas_evaluates_and_closes(jonas)
    everyone_keeps_what_is_theirs(ane, jonas, ida, per, tmp_path)


def ane_follows_the_guide_to_the_request(ane):
    ane.signs_in("ansatt").sees("Hei, Ane")
    ane.follows("Jeg er bekymret for et barn").follows("Noe annet").follows("Gå til steg 1")
    for step in ("Steg 1 av 4", "Steg 2 av 4", "Steg 3 av 4"):
        ane.sees("Nivå 0 · Undring", step).follows("Ja, gå videre")
    ane.sees("Hva blir dere enige om?").follows("Hjelp i egen tjeneste").follows("Be om stafettlogg")


def ane_asks_for_a_log(ane):
    assert ane.page.locator("textarea").count() == 0
    ane.writes("Fornavn", CHILD).writes("Etternavn", "Fjell").writes("Fødselsdato", BORN).presses_button("Neste")
    for number, (name, relation) in enumerate([("Ida Fjell", "Mor"), ("Per Fjell", "Far")], 1):
        part = ane.part(f"Foresatt {number}")
        ane.writes("Navn", name, within=part).picks("Relasjon til barnet", relation, within=part)
        how = "Ja. Jeg har slått opp i Folkeregisteret"
        ane.picks("Har du kontrollert foreldreansvaret?", how, within=part)
        ane.writes("E-post", f"{name.lower().replace(' ', '.')}@solvik.example", within=part)
        writes_number(ane, name, within=part)
    ane.presses_button("Neste").presses_button("Neste").sees("Se over før du sender", CHILD, "Ida Fjell", "Per Fjell")
    ane.presses_button("Send forespørselen").sees("Forespørselen er sendt", "Dette skjer videre")
    ane.goes_to("/arbeidet-ditt/").follows(CHILD, within=ane.page.locator("#logger"))
    ane.sees("Dette er bare en forespørsel", "Venter på andre").does_not_see("Mål og tiltak", "Beskjeder")


def parents_answer_one_by_one(ida, per):
    ida.signs_in("foreldre").writes("Barnets fødselsdato", BORN).presses_button("Gå videre")
    ida.sees(f"Svar på spørsmålet om samtykke for {CHILD}", "Du kan si nei. Barnet mister ingen rettigheter.")
    answers_yes(ida).sees("Du har gitt samtykke", WAITING).does_not_see("Per Fjell")
    ida.follows("Gå til oversikten").follows("Se det du har svart").sees(WAITING).does_not_see("Per Fjell")

    per.signs_in("foreldre").writes("Barnets fødselsdato", BORN).presses_button("Gå videre").does_not_see("Ida Fjell")
    answers_yes(per, limits=LIMITS).sees("Du har gitt samtykke", f"«{LIMITS}»", "følger det før vi deler noe")
    per.does_not_see("Ida Fjell")


def ane_opens_the_log_and_makes_a_plan(ane, ida):
    ane.goes_to("/arbeidet-ditt/").follows(f"Les hva familien til {CHILD} ikke vil dele")
    ane.sees(f"«{LIMITS}»", "Må gjøres").presses_button("Jeg har lest det, og vi følger det")
    ane.sees("Stafettloggen er åpnet.", "Dette gjenstår")
    ida.goes_to("/barna-dine/").sees("Stafettlogg siden").does_not_see(LIMITS)

    ane.follows("Skriv hvorfor stafettloggen er åpnet").writes("Hvorfor har dere åpnet stafettloggen?", REASON)
    ane.presses_button("Lagre teksten").sees(REASON)
    ane.follows("Legg til mål").writes("Mål", GOAL, within=ane.page.locator("main form"))
    ane.presses_button("Lagre målet").sees("Målet er lagt til.")
    ane.follows("Legg til tiltak").writes("Tiltak", MEASURE, within=ane.page.locator("main form"))
    ane.ticks("I tjenesten").ticks("Ane Solheim, Pedagogisk leder, Solbakken barnehage")
    ane.presses_button("Lagre tiltaket").sees(MEASURE)


def ppt_is_invited_with_consent(ane, jonas, ida, per):
    ane.follows("Deltakere").follows("Inviter en tjeneste").picks("Hvilken tjeneste?", "PP-tjenesten")
    ane.presses_button("Neste").sees("Når du sender, spør vi familien.")
    ane.picks("Hvem inviterer du?", "Jonas Eide, PP-rådgiver").writes("Hva skal de bidra med?", "Gi råd om lek")
    ane.picks("Hvorfor spør dere PP-tjenesten?", "Lek og samspill")
    ane.presses_button("Send invitasjonen").sees("Familien er spurt.", "når alle som må svare, har sagt ja")

    jonas.signs_in("ansatt").does_not_see(CHILD)
    log = ane.path.replace("deltakere/", "")
    assert jonas.page.goto(f"{jonas.url}{log}").status == 404
    answers_yes(ida.goes_to("/barna-dine/")).sees("Du har gitt samtykke").does_not_see("når stafettloggen er åpnet")
    ida.sees("Solbakken barnehage kan lese stafettloggen.").does_not_see(WAITING)
    ida.follows("Trekk samtykket").sees("Du trekker samtykket for PP-tjenesten.")
    jonas.goes_to("/arbeidet-ditt/").does_not_see(CHILD)
    answers_yes(per.goes_to("/barna-dine/")).sees("Du har gitt samtykke")
    assert WAITING not in per.text

    jonas.goes_to("/arbeidet-ditt/").follows(f"Svar på om du blir med i stafettloggen for {CHILD}")
    jonas.sees("Familien har samtykket", "Gi råd om lek").does_not_see(*CONTENT)
    jonas.presses_button("Bli med").sees("Du er med i stafettloggen.", REASON, MEASURE)


def jonas_takes_over(ane, jonas, ida):
    ane.follows("Oversikt").follows("Gi stafettpinnen videre").picks("Hvilken tjeneste?", "PP-tjenesten")
    ane.presses_button("Neste").picks("Hvem skal ta over?", "Jonas Eide, PP-rådgiver")
    ane.writes("Hva bør den som tar over, vite?", LETTER).presses_button("Send tilbudet")
    ane.sees("Du har den til noen tar imot.", "Venter på Jonas Eide")
    ida.goes_to("/barna-dine/").sees("Ane Solheim holder i stafettpinnen")

    jonas.goes_to("/arbeidet-ditt/").follows(f"Svar på om du tar imot stafettpinnen for {CHILD}")
    jonas.sees("Dette tar du over", LETTER, "1 mål, 1 tiltak").presses_button("Ta imot stafettpinnen")
    jonas.sees("Du har tatt imot stafettpinnen.")
    ida.goes_to("/barna-dine/").sees("Jonas Eide holder i stafettpinnen").does_not_see(LETTER)


def jonas_evaluates_and_closes(jonas):
    jonas.follows("Mål og tiltak").follows("Evaluer").presses_button("Lagre evalueringen")
    jonas.sees("For å gå videre må du rette opp følgende feil", "Svar på «Hva gjør dere videre?»")
    jonas.page.get_by_label("Pågår", exact=True).check()
    jonas.page.get_by_label("Virker", exact=True).check()
    jonas.ticks("Skriv det barnet har sagt, her").writes("Hva sa barnet?", VOICE)
    jonas.writes("Hvem snakket med barnet?", "Mona Eik")
    jonas.writes("Når snakket dere sammen?", datetime.date.today().isoformat())  # noqa: DTZ011 -- as the browser's
    jonas.ticks("Avslutt stafettloggen").presses_button("Lagre evalueringen")
    jonas.sees("Kryss av for «Barnet vet hvem som leser dette».").has_written("Hva sa barnet?", VOICE)
    jonas.ticks("Barnet vet hvem som leser dette").presses_button("Lagre evalueringen")
    jonas.sees("Evalueringen er lagret.", "Familien kan fortsatt lese stafettloggen.")
    jonas.ticks("Målet er nådd").page.get_by_label("Nådd", exact=True).check()
    jonas.presses_button("Avslutt stafettloggen")
    jonas.sees("Stafettloggen er avsluttet", "Målet er nådd")


def everyone_keeps_what_is_theirs(ane, jonas, ida, per, tmp_path):
    with jonas.page.expect_download() as download:
        jonas.page.get_by_role("link", name="Last ned sammendraget (PDF)").click()
    assert download.value.suggested_filename == "sammendrag.pdf"
    download.value.save_as(tmp_path / "sammendrag.pdf")
    assert (tmp_path / "sammendrag.pdf").read_bytes().startswith(b"%PDF-1.7")

    log = jonas.path.replace("avslutt/", "")
    assert ane.page.goto(f"{ane.url}{log}").status == 404
    for parent, other in ((ida, "Per Fjell"), (per, "Ida Fjell")):
        parent.goes_to(log.replace("/logger/", "/barna-dine/"))
        parent.sees("Stafettloggen ble avsluttet", "Du kan lese og laste ned alt.", REASON, VOICE, MEASURE)
        parent.follows("Hvem har sett på loggen").sees("Jonas Eide", "Ane Solheim", "Lastet ned", "Deg")
        parent.does_not_see(other, LIMITS)
