"""The public pages and the main pages of each role, in a real browser at 1280 and 320 px: what a reader trips over.

Errors of scripts and of the content security policy fail a test through the fixture `pages`.
"""

import pytest

from tests.browser import accessibility_problems

pytestmark = [pytest.mark.browser]

PUBLIC = [
    "/",
    "/veileder/",
    "/veileder/n0s1/",
    "/veileder/n2s1/",
    "/veileder/vold/",
    "/veileder/verktoy/",
    "/veileder/lover/",
    "/veileder/tema/gravide/",
    "/veileder/versjoner/",
    "/veileder/tilbakemelding/",
    "/konto/logg-inn/",
    "/konto/passord/nytt/",
    "/barn-og-unge/",
    "/personvern/",
    "/tilgjengelighet/",
    "/informasjonskapsler/",
    "/hjelp/",
    "/stil/",
]
# Who signs in → the pages, the link that leads to a log from the last of them, and the pages under the log.
ROLES = {
    "Ane Solheim": (
        ["/arbeidet-ditt/", "/logger/ny/", "/varsler/", "/konto/profil/", "/konto/borte/", "/logger/"],
        "/logger/",
        ["plan/", "beskjeder/", "deltakere/", "samtykke/", "historikk/", "sett/", "stemme/", "evaluer/", "avslutt/"],
    ),
    "Lars Bakken": (["/arbeidet-ditt/", "/ansatte/", "/leder/"], "", []),
    "Kari Myhre": (
        ["/arbeidet-ditt/", "/innstillinger/", "/innstillinger/enheter/", "/veileder/rediger/", "/varsler/utsending/"],
        "",
        [],
    ),
    "Mari Lie": (
        ["/barna-dine/onske/", "/barna-dine/"],
        "/barna-dine/",
        ["samtykker/", "beskjeder/", "deltakere/", "historikk/", "hvem-har-sett/", "avslutt/"],
    ),
    "Sander Vik": (["/barna-dine/"], "/barna-dine/", ["samtykker/", "beskjeder/", "hvem-har-sett/"]),
}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
VISIBLE_H1 = "[...document.querySelectorAll('h1')].filter(h => h.checkVisibility()).length"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look_at(page, address: str) -> tuple[str, list[str]]:
    """The page's title, and what is wrong with it at both widths."""
    page.set_viewport_size(WIDE)
    response = page.goto(address)
    if response is None or response.status != 200:
        return page.title(), [f"{address}: {response and response.status}"]
    wrong = [] if page.evaluate(VISIBLE_H1) == 1 else [f"{address}: {page.evaluate(VISIBLE_H1)} visible h1"]
    wrong += [f"{address} at 1280: {problem}" for problem in accessibility_problems(page)]
    page.set_viewport_size(NARROW)
    wrong += [f"{address} scrolls sideways by {page.evaluate(SIDEWAYS)} px"] if page.evaluate(SIDEWAYS) > 0 else []
    wrong += [f"{address} at 320: {problem}" for problem in accessibility_problems(page)]
    return page.title(), wrong


def look_at_all(page, addresses) -> tuple[dict, list[str]]:
    titles, wrong = {}, []
    for address in addresses:
        title, found = look_at(page, address)
        titles.setdefault(title, []).append(address)
        wrong += found
    return titles, wrong


def sign_in(page, url: str, name: str) -> None:
    page.goto(f"{url}/konto/logg-inn/")
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def log_address(page, under: str) -> str:
    """The first link to a log on the page that is open."""
    links = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.pathname)")
    return next(link for link in links if link.startswith(under) and link.count("/") == 3 and link.count("-") >= 4)


def test_public_pages(live_app, page, capsys):
    titles, wrong = look_at_all(page, [f"{live_app.url}{path}" for path in PUBLIC])

    with capsys.disabled():
        print(f"\npages: {len(PUBLIC)} public pages at 1280 and 320 px, {len(wrong)} problems")
    assert wrong == []
    assert {title: found for title, found in titles.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", ROLES)
def test_pages_of_role(live_app, page, capsys, name):
    paths, under, of_log = ROLES[name]
    sign_in(page, live_app.url, name)

    titles, wrong = look_at_all(page, [f"{live_app.url}{path}" for path in paths])
    if under:
        log = f"{live_app.url}{log_address(page, under)}"
        more, found = look_at_all(page, [log, *(f"{log}{path}" for path in of_log)])
        titles |= {title: titles.get(title, []) + addresses for title, addresses in more.items()}
        wrong += found

    with capsys.disabled():
        print(f"\npages: {sum(map(len, titles.values()))} pages of {name} at 1280 and 320 px, {len(wrong)} problems")
    assert wrong == []
    assert {title: found for title, found in titles.items() if len(found) > 1} == {}
