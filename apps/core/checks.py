"""`check --deploy`: what only a real installation must fulfil, as far as core can know it."""

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def real_installation(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    """One error for each setting that belongs to trials and must not meet real families."""
    is_owner = settings.DATABASES["default"].get("PASSWORD", "") == os.environ.get("POSTGRES_PASSWORD", "")
    holds_the_owners = bool(os.environ.get("POSTGRES_PASSWORD")) and not is_owner
    findings = [
        (settings.DEBUG, "DEBUG is on: error pages would show personal data.", "core.E101"),
        (settings.DEMO, "DEMO is on: anyone may sign in as a demo person.", "core.E102"),
        (settings.OPEN_FOR_TRIAL, "OPEN_FOR_TRIAL is on: the public reads what nobody has made ready.", "core.E109"),
        (settings.EMBEDDED, "The embedded database is for trials. Give DATABASE_URL.", "core.E103"),
        (settings.SYNTHETIC_IDS, "SYNTHETIC_IDS is on: invented national ids are accepted.", "core.E104"),
        (not settings.SECURE, "BASE_URL must start with https://.", "core.E105"),
        ("*" in settings.ALLOWED_HOSTS, "ALLOWED_HOSTS must name the hosts, not *.", "core.E106"),
        (settings.SESSION_IDLE_SECONDS > 30 * 60, "SESSION_IDLE_SECONDS must be 1800 or less.", "core.E107"),
        (settings.SESSION_ABSOLUTE_SECONDS > 10 * 3600, "SESSION_ABSOLUTE_SECONDS must be 36000 or less.", "core.E108"),
        (holds_the_owners, "POSTGRES_PASSWORD, the owner's, lies in the environment of the portal.", "core.E109"),
    ]
    return [Error(message, id=check_id) for found, message, check_id in findings if found]
