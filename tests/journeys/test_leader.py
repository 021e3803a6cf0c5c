"""Journey B: a leader sees what waits, and finds a deputy for someone who is away, without reading about any child."""

import datetime

import pytest

from tests.journeys.person import Person

pytestmark = [pytest.mark.browser]

CONTENT = ["alene ute", "leke med ute", "følelseskort", "sovner uten uro", "spør meg om jeg vil være med"]


def test_leader_sees_what_waits_and_finds_a_deputy(live_app, pages):
    ane, lars, mona = (Person(pages, live_app, name) for name in ("Ane Solheim", "Lars Bakken", "Mona Eik"))
    says_she_will_be_away(ane)

    lars.signs_in("ansatt").sees("Hei, Lars", "Dette må du gjøre nå (4)", "Velg vikar for").does_not_see(*CONTENT)
    finds_a_deputy(lars)
    lars.does_not_see(*CONTENT)

    mona.signs_in("ansatt").sees("Dette må du gjøre nå (1)").does_not_see(*CONTENT)
    mona.follows("Svar på om du kan være vikar").sees("Emma").does_not_see(*CONTENT)
    mona.presses_button("Ja, jeg blir vikar").sees("Du er vikar fra og med")
    lars.goes_to("/leder/").sees("Mona Eik")
    parents_learn_that_there_is_a_deputy_and_not_why(live_app, pages)


def says_she_will_be_away(ane):
    today = datetime.date.today()  # noqa: DTZ011 -- as the browser's
    ane.signs_in("ansatt").goes_to("/konto/profil/").follows("Registrer at du skal være borte")
    ane.sees("Vi spør aldri om hvorfor.").picks("Vikar", "Ingen vikar nå")
    ane.writes("Fra og med", today.isoformat())
    ane.writes("Til og med", (today + datetime.timedelta(days=6)).isoformat())
    ane.presses_button("Se over før du sender").sees("Ingen blir spurt om å være vikar.").presses_button("Lagre dagene")
    ane.sees("Du er registrert som borte", "Lederen får en oppgave")


def finds_a_deputy(lars):
    lars.follows("Velg vikar for stafettholderen til Emma").goes_to("/leder/").sees(
        "Enheten din", "Borte"
    ).does_not_see(*CONTENT)
    lars.follows("Velg vikar for Emma").sees("Stafettholder borte", "Ane Solheim")
    lars.picks("Hvem skal være vikar?", "Mona Eik, Barnehagelærer").presses_button("Se over før du sender")
    lars.sees("Mona Eik må si ja før noe endrer seg.", "Familien får beskjed om at det er en vikar.")
    lars.presses_button("Send spørsmålet").sees("Venter på Mona Eik")


def parents_learn_that_there_is_a_deputy_and_not_why(live_app, pages):
    mari = Person(pages, live_app, "Mari Lie").signs_in("foreldre").follows("Se stafettloggen")
    mari.sees("Mona Eik er vikar nå.").does_not_see("syk", "permisjon", "fravær")
