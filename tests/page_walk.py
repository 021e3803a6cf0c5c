"""Walks the portal in a real browser and looks at each page at 1280 and 320 px and in the dark.

One page per kind of address: what differs between two children is not another page.
"""

import re
from urllib.parse import urlsplit

from tests.browser import accessibility_problems

PUBLIC = [
    "/",
    "/veileder/",
    "/veileder/n0s1/",
    "/veileder/n2s1/",
    "/veileder/vold/",
    "/veileder/verktoy/",
    "/veileder/lover/",
    "/veileder/tema/gravide/",
    "/veileder/videre/end/",
    "/veileder/videre/system/",
    "/veileder/videre/lift/",
    "/veileder/videre/ip/",
    "/veileder/versjoner/",
    "/veileder/versjoner/1/",
    "/veileder/tilbakemelding/",
    "/veileder/tilbakemelding/takk/",
    "/konto/logg-inn/",
    "/konto/passord/nytt/",
    "/konto/passord/nytt/sendt/",
    "/logget-ut/",
    "/barn-og-unge/",
    "/personvern/",
    "/tilgjengelighet/",
    "/informasjonskapsler/",
    "/hjelp/",
    "/stil/",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
VISIBLE_H1 = "[...document.querySelectorAll('h1')].filter(h => h.checkVisibility()).length"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What a finger may hit: not in running text, not a link that covers its whole card, and under 44 px high.
SMALL_TARGETS = """[...document.querySelectorAll('a[href], button, summary, select, input')].filter(target => {
    const box = target.getBoundingClientRect(), style = getComputedStyle(target);
    if (['hidden', 'radio', 'checkbox'].includes(target.type) || target.matches('.p-skip')) return false;
    if (box.height >= 43.5) return false;
    if (!target.checkVisibility({visibilityProperty: true}) || box.width < 3 || box.height < 3) return false;
    if (getComputedStyle(target, '::after').position === 'absolute') return false;
    if (style.display !== 'inline') return true;
    let block = target.parentElement;
    while (getComputedStyle(block).display.startsWith('inline')) block = block.parentElement;
    return block.innerText.trim() === target.innerText.trim();
}).map(target => `${target.outerHTML.slice(0, 90)} is ${Math.round(target.getBoundingClientRect().height)} px high`)"""
LINKS = """[...document.querySelectorAll('main a[href], .p-tabs a[href]')]
    .filter(link => link.origin === location.origin).map(link => link.pathname)"""
NOT_PAGES = re.compile(r"\.pdf$|/pdf/$|/last-ned/$|/papir/$|^/static/")
# The coordinator's, and no one else's: walked by a test of their own, beside the others.
COORDINATORS = ("/innstillinger/", "/veileder/rediger/", "/varsler/utsending/")
Titles = dict[str, list[str]]


def is_coordinators(path: str) -> bool:
    return path.startswith(COORDINATORS)


def is_others(path: str) -> bool:
    return not is_coordinators(path)


def kind_of(path: str) -> str:
    """The address without what tells one child, log or person from another."""
    return re.sub(r"/\d+/", "/0/", re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\bn\ds\d\b", "id", path))


def look_at(page, address: str, *, status: int = 200) -> tuple[str, list[str]]:
    """The page's title, and what is wrong with it at both widths and in the dark."""
    page.set_viewport_size(WIDE)
    response = page.goto(address)
    if response is None or response.status != status:
        return page.title(), [f"{address}: {response and response.status}"]
    return page.title(), look_here(page, address)


def look_here(page, address: str) -> list[str]:
    wrong = [] if page.evaluate(VISIBLE_H1) == 1 else [f"{address}: {page.evaluate(VISIBLE_H1)} visible h1"]
    wrong += [f"{address} at 1280: {problem}" for problem in accessibility_problems(page)]
    page.set_viewport_size(NARROW)
    wrong += [f"{address} scrolls sideways by {page.evaluate(SIDEWAYS)} px"] if page.evaluate(SIDEWAYS) > 0 else []
    wrong += [f"{address} at 320: {problem}" for problem in accessibility_problems(page)]
    wrong += [f"{address} at 320: {target}" for target in page.evaluate(SMALL_TARGETS)]
    page.emulate_media(color_scheme="dark")
    wrong += [f"{address} in the dark: {problem}" for problem in accessibility_problems(page, ["color-contrast"])]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    return wrong


def walk(page, url: str, start: list[str], skip: set[str], *, within=is_others) -> tuple[Titles, list[str]]:
    """Follow every link from `start` to an address `within`. Titles with their addresses, and what is wrong."""
    titles: Titles = {}
    wrong: list[str] = []
    queue, met = list(start), set(skip)
    while queue:
        path = queue.pop(0)
        if kind_of(path) in met or NOT_PAGES.search(path) or not within(path):
            continue
        met.add(kind_of(path))
        title, found = look_at(page, f"{url}{path}")
        wrong += found
        titles.setdefault(title, []).append(path)
        met.add(kind_of(urlsplit(page.url).path))
        queue += page.evaluate(LINKS)
    return titles, wrong


def sign_in(page, url: str, name: str) -> None:
    page.goto(f"{url}/konto/logg-inn/")
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def shared_titles(titles: Titles) -> Titles:
    return {title: found for title, found in titles.items() if len(found) > 1}


def walk_as(page, url: str, name: str, start: list[str], *, met: set[str], within=is_others) -> list[str]:
    """Sign in and look at every page this person can walk to that was not `met`, which is added to.

    What is wrong fails here; the addresses looked at are returned.
    """
    sign_in(page, url, name)
    titles, wrong = walk(page, url, start, met | {kind_of(path) for path in PUBLIC}, within=within)
    walked = [path for paths in titles.values() for path in paths]
    met.update(kind_of(path) for path in walked)
    assert wrong == []
    assert shared_titles(titles) == {}
    return walked
