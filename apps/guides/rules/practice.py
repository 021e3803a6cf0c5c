"""«Øv på en sak»: an invented case, step by step, with questions and answers. Nothing is stored (docs/adr/0025)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from apps.core.text import LocalizedText

_FILE = Path("fixtures", "guides", "practice.json")
LETTERS = "abc"


@dataclass(frozen=True)
class Option:
    """One thing one could do; `answer` says what is right or wrong about it."""

    letter: str
    text: LocalizedText
    answer: LocalizedText
    is_right: bool


@dataclass(frozen=True)
class PracticeStep:
    number: int
    title: LocalizedText
    story: LocalizedText
    question: LocalizedText
    options: list[Option]

    def chosen(self, letter: str) -> Option | None:
        return next((option for option in self.options if option.letter == letter), None)


@cache
def practice_steps() -> tuple[PracticeStep, ...]:
    """Those of the file, in its order."""
    rows = json.loads((settings.BASE_DIR / _FILE).read_text("utf-8"))["steps"]
    return tuple(_step(number, row) for number, row in enumerate(rows, start=1))


def _step(number: int, row: dict) -> PracticeStep:
    options = [
        Option(letter, LocalizedText.of(one["text"]), LocalizedText.of(one["answer"]), one["is_right"])
        for letter, one in zip(LETTERS, row["options"], strict=True)
    ]
    title, story, question = (LocalizedText.of(row[name]) for name in ("title", "story", "question"))
    return PracticeStep(number, title, story, question, options)
