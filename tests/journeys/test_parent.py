"""Journey D: a father on a small phone, from the e-mail to a yes, a no, and a yes taken back."""

import re

import pytest

from apps.notifications.models import Notice
from tests.journeys.person import NARROW, Person

pytestmark = [pytest.mark.browser]

SECRETS = ["Emma", "Solbakken", "barnehage", "stafettlogg", "BTI", "samtykke", "barnevern", "PP-tjenesten"]
LIMITS = "Ikke del noe om søsken"
SWEEP = "from apps.notifications.tasks import sweep_outbox; sweep_outbox()"


@pytest.fixture
def ola(live_app, pages):
    return Person(pages, live_app, "Ola Nordmann", **NARROW)


def test_from_the_email_to_the_receipt_and_back(live_app, live_mail, ola, django_db_blocker):
    before = told_to_the_mother(live_app, django_db_blocker)
    comes_from_an_email_that_says_nothing(live_app, live_mail, ola)
    reads_who_asks_and_why(ola)
    presses = ola.presses
    answers_for_each_service(ola)
    gets_a_receipt(ola)
    given = ola.presses - presses
    finds_the_log_again(ola)
    sees_who_has_looked(ola)
    presses = ola.presses
    takes_it_back(ola)

    assert ola.presses - presses <= given  # withdrawing takes no more presses than giving
    assert told_to_the_mother(live_app, django_db_blocker) == before


def comes_from_an_email_that_says_nothing(live_app, live_mail, ola):
    live_app.manage("shell", "-c", SWEEP)
    mail = next(mail for mail in live_mail.messages if mail.recipients == ["ola.nordmann@solvik.example"])
    shown = f"{mail['Subject']}\n{mail['From']}\n{mail.get_content()}"
    assert [word for word in SECRETS if word.casefold() in shown.casefold()] == []
    address = re.search(r"http://\S+", mail.get_content())[0]
    assert address == live_app.url

    ola.page.goto(address)
    ola.follows("Logg inn som forelder").presses_button(re.compile("^Ola Nordmann"))
    if ola.heading == "Skriv inn barnets fødselsdato":
        ola.writes("Barnets fødselsdato", "2021-03-14").presses_button("Gå videre")


def reads_who_asks_and_why(ola):
    ola.sees("Hei, Ola. Du er registrert som foresatt for Emma.")
    card = ola.page.locator("article.p-taskcard")
    assert card.count() == 1
    words = card.inner_text()
    for part in ("Svar på spørsmålet om samtykke", "Din tur", "Svar innen", "omtrent\xa05\xa0minutter"):
        assert part in words
    ola.follows("Se stafettloggen").follows("Les og svar")
    ola.sees(
        "Solbakken barnehage",
        "Du kan si nei",
        "Uten samtykke kan tjenestene som hovedregel ikke snakke sammen om barnet.",
    )
    ola.sees("Ring Ane Solheim på 00 00 00 03.", "Les og svar på et annet språk", "English", "Tolk? Det er gratis.")


def answers_for_each_service(ola):
    ola.follows("Start").sees("Steg 1 av 4", "Slik behandler vi opplysninger").presses_button("Neste steg")
    ola.sees("Steg 2 av 4", "PP-tjenesten", "Helsestasjonen")
    yes = ola.page.get_by_role("group", name="PP-tjenesten").get_by_label("Ja, dere kan samarbeide")
    assert ola.page.locator("input[type=radio]:checked").count() == 0
    yes.check()
    ola.presses_button("Neste steg").sees("For å gå videre må du rette opp følgende feil")
    ola.page.locator(".p-errors:focus").wait_for()
    ola.page.get_by_role("link", name="Velg ja eller nei for Helsestasjonen.").click()
    assert ola.page.evaluate("document.activeElement.type") == "radio"
    assert yes.is_checked()
    ola.ticks("Nei, ikke del noe", within=ola.page.get_by_role("group", name="Helsestasjonen"))
    ola.presses_button("Neste steg").sees("Steg 3 av 4")
    ola.writes("Skriv hva vi ikke skal dele", LIMITS).ticks("Nei, jeg trenger ikke tolk").presses_button("Neste steg")
    ola.sees("Steg 4 av 4", "Endre svar", LIMITS, "Jeg, Ola Nordmann, samtykker til at", "PP-tjenesten")
    yes_button, no_button = (
        ola.page.get_by_role("button", name=name).bounding_box() for name in ("Send svaret mitt", "Nei til alt")
    )
    assert yes_button["height"] == no_button["height"]
    assert no_button["y"] > yes_button["y"] + 2 * yes_button["height"]
    ola.presses_button("Send svaret mitt")


def gets_a_receipt(ola):
    ola.sees("Du har gitt samtykke", "Gjelder til", "Du sa nei til Helsestasjonen", "Dette skjer videre", f"«{LIMITS}»")
    ola.does_not_see("Mari")
    with ola.page.expect_download() as download:
        ola.page.get_by_role("link", name="Last ned svaret (PDF)").click()
    assert re.fullmatch(r"kvittering-[A-Z0-9-]+\.pdf", download.value.suggested_filename)


def finds_the_log_again(ola):
    ola.follows("Se stafettloggen").sees("Hvor er vi nå?", "Dette har vi avtalt", "Hjemme", "Stemmen til")
    ola.sees("Jeg vil at noen spør meg om jeg vil være med. Ikke at jeg må spørre.")
    ola.follows("Skriv en beskjed til Ane").sees("Disse leser det du skriver", "Bare Ane Solheim")
    ola.writes("Beskjed", "Kan vi snakkes i morgen?", within=ola.page.locator("main form"))
    ola.presses_button("Send beskjeden").sees("Kan vi snakkes i morgen?", "Bare du og stafettholderen leser dette.")
    ola.follows("Emma")


def sees_who_has_looked(ola):
    ola.follows("Hvem har sett på loggen").sees("Ola Nordmann", "Deg", "Hvorfor")
    ola.does_not_see("Mari Lie")
    ola.follows("Emma")


def takes_it_back(ola):
    ola.follows("Samtykkene dine").follows(re.compile("Trekk samtykket ?: PP-tjenesten"))
    ola.sees("Dette skjer", "PP-tjenesten mister tilgangen med en gang.", "Dette blir som før")
    ola.presses_button("Trekk samtykket").sees("Dette trakk du", "Referanse")
    ola.does_not_see("Mari Lie")


def told_to_the_mother(live_app, blocker) -> list:
    """What the other guardian has been told: nothing he answers or takes back may change it (safety.md S1)."""
    with live_app.orm(blocker):
        rows = Notice.objects.filter(recipient__email="mari.lie@solvik.example").values_list("kind", "key")
        return sorted(rows)
