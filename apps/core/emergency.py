"""The telephone numbers on the error pages. They must stand there also when the database does not answer.

So they lie in a file beside the installation's other files, written when the municipality changes them and by the
sweeper, and read when an error page is made.
"""

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Number:
    label: str
    number: str

    @property
    def tel(self) -> str:
        """For a link that calls it."""
        return "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


# Hold for the whole country, so that no error page is without them.
ALWAYS = (Number("Nød: politi", "112"), Number("Alarmtelefonen for barn og unge", "116 111"))


def numbers() -> list[Number]:
    """The municipality's numbers, and those that hold everywhere. Never fails."""
    try:
        kept = [Number(*pair) for pair in json.loads(_file().read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        kept = []
    known = {number.tel for number in kept}
    return [*(number for number in ALWAYS if number.tel not in known), *kept]


def keep(found: Iterable[Number]) -> bool:
    """Write these numbers down for the error pages; gives whether they were others than before. Safe to repeat.

    Where the folder cannot be written, the error pages have the numbers that hold everywhere.
    """
    text = json.dumps([[number.label, number.number] for number in found], ensure_ascii=False)
    path = _file()
    try:
        if path.exists() and path.read_text("utf-8") == text:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        fresh.write_text(text, "utf-8")
        fresh.replace(path)
    except OSError as error:
        log.warning("numbers_not_kept", code=type(error).__name__)
        return False
    return True


def _file() -> Path:
    return settings.DATA_DIR / "files" / "phones.json"
