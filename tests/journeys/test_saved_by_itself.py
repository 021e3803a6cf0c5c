"""What a person writes in a long form is saved by itself, as a draft of her own, and is gone once it is sent."""

import pytest
from playwright.sync_api import expect

from apps.core.models import Draft
from tests.journeys.person import Person

pytestmark = [pytest.mark.browser]

WHY, TEXT = "Hvorfor har dere åpnet stafettloggen?", "Sander vil ha noen å leke med i friminuttene."
ELEVEN_SECONDS = 11_000


@pytest.fixture
def drafts(live_app, django_db_blocker):
    def drafts() -> list[str]:
        """The pages that hold a draft."""
        with live_app.orm(django_db_blocker):
            return list(Draft.objects.values_list("object_key", flat=True))

    return drafts


def waits_until_it_is_saved(person: Person, words: str) -> None:
    person.page.clock.run_for(ELEVEN_SECONDS)
    expect(person.page.locator("[data-autosave]").first).to_contain_text(words)


def test_text_is_there_after_a_click_on_a_tab(live_app, pages, drafts):
    silje = Person(pages, live_app, "Silje Nes").signs_in("ansatt").follows("Sander,").follows("Skriv hvorfor")
    silje.writes(WHY, TEXT).follows("Historikk").goes_to("/arbeidet-ditt/")

    silje.follows("Du har et utkast: hvorfor stafettloggen til Sander er åpnet")
    silje.has_written(WHY, TEXT).presses_button("Lagre teksten")

    silje.sees(TEXT).does_not_see("Du har et utkast")
    assert drafts() == []


def test_text_is_saved_every_ten_seconds_and_the_page_says_when(live_app, pages, drafts):
    jonas = Person(pages, live_app, "Jonas Eide").signs_in("ansatt").follows("Liv,").follows("Beskjeder")
    jonas.page.clock.install()
    jonas.page.reload()
    jonas.writes("Beskjed", "Liv leste", within=jonas.page.locator("main form"))
    waits_until_it_is_saved(jonas, "Lagret klokka")
    jonas.writes("Beskjed", "", within=jonas.page.locator("main form"))
    jonas.page.clock.run_for(ELEVEN_SECONDS)
    expect(jonas.page.locator("[data-autosave]").first).to_have_text("")

    assert drafts() == []


def test_s15_the_childs_words_wait_for_the_tick(live_app, pages, drafts):
    ane = Person(pages, live_app, "Ane Solheim").signs_in("ansatt").follows("Emma,")
    ane.goes_to(f"{ane.path}stemme/")
    ane.page.clock.install()
    ane.page.reload()
    ane.writes("Hva sa barnet?", "Jeg liker best å male.").writes("Hvem snakket med barnet?", "Ane")
    waits_until_it_is_saved(ane, "ikke det barnet har sagt")
    ane.opens_another_tab().has_written("Hva sa barnet?", "").has_written("Hvem snakket med barnet?", "Ane")

    ane.ticks("Barnet vet hvem som leser dette")
    waits_until_it_is_saved(ane, "Lagret klokka")

    ane.opens_another_tab().has_written("Hva sa barnet?", "Jeg liker best å male.").presses_button("Slett utkastet")


def test_draft_of_a_parent_is_seen_by_nobody_else_and_can_be_deleted_from_the_start_page(live_app, pages, drafts):
    mari = Person(pages, live_app, "Mari Lie").signs_in("foreldre").follows("Se stafettloggen").follows("Beskjeder")
    mari.writes("Beskjed", "Bare mellom oss", within=mari.page.locator("main form")).goes_to("/barna-dine/")
    mari.page.reload()
    mari.sees("Du har et utkast: en beskjed i stafettloggen til Emma")
    ane = Person(pages, live_app, "Ane Solheim").signs_in("ansatt").follows("Emma,").follows("Beskjeder")
    ane.does_not_see("Bare mellom oss", "Du har et utkast")

    mari.presses_button("Slett utkastet").sees("Utkastet er slettet").does_not_see("Du har et utkast")
    assert [page for page in drafts() if page.startswith("/barna-dine/")] == []


def test_leaving_is_asked_about_only_when_nothing_can_be_saved(live_app, pages):
    ane = Person(pages, live_app, "Ane Solheim").signs_in("ansatt").follows("Emma,").follows("Beskjeder")
    asked = []
    ane.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    form = ane.page.locator("main form")
    ane.writes("Beskjed", "Vi ses i morgen", within=form).follows("Historikk")
    before = list(asked)
    ane.follows("Beskjeder").presses_button("Slett utkastet")
    ane.page.clock.install()
    ane.page.reload()
    ane.is_forgotten_by_the_server()
    form.get_by_label("Beskjed").first.press_sequentially("Vi ses")
    waits_until_it_is_saved(ane, "Vi får ikke lagret det du skriver")
    ane.follows("Historikk")

    assert (before, asked) == ([], ["beforeunload"])
