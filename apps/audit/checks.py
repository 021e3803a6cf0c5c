"""`check --deploy`: whoever runs the portal must not be able to change who has looked."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connection

from apps.audit import selectors


@register(Tags.security, deploy=True)
def read_audit_is_insert_only(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    """Silent on SQLite alone: what cannot be asked about is not known to be well."""
    if connection.vendor != "postgresql":
        return []
    try:
        found = selectors.what_the_role_may_change()
    except DatabaseError:
        unknown = "Nobody knows who may change the read audit: the database does not answer, or has no tables yet."
        return [Error(unknown, hint="Start the database, run manage.py migrate and check again.", id="audit.E002")]
    if not found:
        return []
    hint = "Let the portal connect as a role of its own: manage.py grant_app_role <role>, see docs/adr/0007."
    return [
        Error(
            f"The database role of the portal may change the read audit ({', '.join(found)}).",
            hint=hint,
            id="audit.E001",
        )
    ]
