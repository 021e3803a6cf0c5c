"""What the public pages and the coordinator's previews of them share."""

from django.contrib.auth.models import AnonymousUser

from apps.accounts.access import current_memberships, leaders_of
from apps.accounts.models import User
from apps.accounts.selectors import staff_label
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


def own_leader(user: User | AnonymousUser) -> str | None:
    """The reader's own leader from the staff list, to say who to talk to: by name, else by role and service."""
    if not user.is_authenticated:
        return None
    membership = current_memberships(user).first()
    leaders = leaders_of(membership.unit) if membership else []
    leader = next((leader for leader in leaders if leader.user_id != user.pk), None)
    if leader is None:
        return None
    return (
        str(staff_label(leader.user, leader, show_names=True)) if leader.user.protected_identity else leader.user.name
    )
