"""What exists in the demo only."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_DEMO_PASSWORD = "solvik-demo-2026"  # noqa: S105 -- printed for everyone who starts the demo


def demo_password() -> str:
    """The one password of all demo people. Raises `ImproperlyConfigured` where settings.DEMO is off."""
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo people belong to the demo only: DEMO is off.")
    return _DEMO_PASSWORD
