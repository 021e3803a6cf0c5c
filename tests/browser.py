"""Debian's Chromium for tests: what a browser of a Norwegian citizen looks like, and what it must never report."""

import shutil
from pathlib import Path

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
NORWEGIAN = {"locale": "nb-NO", "timezone_id": "Europe/Oslo", "viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 320, "height": 640}}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def launch(playwright):
    program = shutil.which("chromium")
    assert program, "chromium is not installed. Run `make test`: it installs what the tests need."
    return playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])


class Pages:
    """Opens pages, each in a context (cookies) of its own, and notes every error that the browser reports."""

    def __init__(self, browser) -> None:
        self._browser = browser
        self._contexts: list = []
        self.problems: list[str] = []

    def open(self, **options):
        """A new page; `options` are those of a Playwright context (`**PHONE`, `java_script_enabled=False`)."""
        context = self._browser.new_context(**(NORWEGIAN | options))
        context.set_default_timeout(30_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        return page

    def _note(self, message) -> None:
        # A page that is meant to be 403, 404 or 409 is reported as a failed load; the tests look at the status.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"{message.location.get('url', '')}: {message.text}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def accessibility_problems(page, rules=None) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA (or only against these `rules`), one line per element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    found = page.evaluate("only => axe.run({runOnly: only}).then(result => result.violations)", only)
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]
