"""`check --deploy`: what must be true of the people before real families come."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import Error, Tags, register
from django.db import DatabaseError

from apps.accounts import selectors


@register(Tags.security, deploy=True)
def no_demo_people(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    """Anyone can read the demo people's password. Silent where there is no database to ask yet."""
    try:
        found = selectors.demo_accounts_exist()
    except DatabaseError:
        return []
    if not found:
        return []
    hint = "Use a database that the demo has never filled, or remove the people with is_demo."
    return [Error("There are demo accounts in the database.", hint=hint, id="accounts.E001")]
