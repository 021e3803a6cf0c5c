"""What the public pages and the coordinator's previews of them share."""

from apps.guides import rules, selectors
from apps.guides.selectors import Item, StepPage
from apps.municipality.selectors import settings_row


def theme_context(theme: Item, tools: list[Item], laws: list[Item]) -> dict:
    other = selectors.is_in_another_language(theme, *laws)
    return {"theme": theme, "tools": tools, "laws": laws, "is_in_another_language": other}


def log_place(page: StepPage) -> rules.LogPlace:
    return rules.log_place(level=page.level.number, step=page.step.number, log_from_level=settings_row().log_from_level)


def log_from(place: rules.LogPlace) -> int:
    """The level the log begins at, on a step where there is none yet; else 0."""
    return settings_row().log_from_level if place == rules.LogPlace.LATER else 0
