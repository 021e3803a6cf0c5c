"""What the log's front page shows one reader, section by section."""

from datetime import datetime
from pathlib import PurePath
from typing import Any

from apps.accounts.models import User
from apps.notifications.selectors import Task
from apps.stafettlogg import access
from apps.stafettlogg.models import Log
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.tasks.in_log import tasks_on
from apps.stafettlogg.views.logs import LOG_SECTIONS


def page_for(user: User, log: Log, now: datetime) -> LogPage:
    return LogPage(user, log, access.row_for(user, log, now), now=now)


def sections_on(page: LogPage) -> dict[str, dict[str, Any]]:
    """What each section shows, by the name of its template; those with nothing to show are left out."""
    found = {PurePath(section.template).stem: section.read(page) for section in LOG_SECTIONS}
    return {name: content for name, content in found.items() if content is not None}


def tasks_in_log(user: User, log: Log, now: datetime) -> list[Task]:
    """«Dette gjenstår»."""
    return tasks_on(page_for(user, log, now))
