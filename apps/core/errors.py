"""What a service or a rule may raise. Each carries words for people; only `RuleBroken` also a code for tests."""

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class HasVersion(Protocol):
    """What several people edit: a `core.models.Versioned`."""

    version: int


class RuleBroken(Exception):
    """The work's own status forbids it. `code` is for tests, `message` (also `str()`) is shown to people."""

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self):
        return str(self.message)


class AccessDenied(PermissionDenied):
    """Visible but not allowed. Uncaught it becomes the 403 page, which shows the message."""

    def __init__(self, message: str | Promise | None = None) -> None:
        self.message = message or _("Du har ikke tilgang til å gjøre dette.")
        super().__init__(self.message)

    def __str__(self):
        return str(self.message)


class Conflict(Exception):
    """Someone saved first. `current` is the object as it is now; answered with `core.http.conflict_response`."""

    def __init__(self, current: HasVersion) -> None:
        super().__init__(current)
        self.current: Any = current

    def __str__(self):
        return str(_("Noen andre har endret dette mens du skrev."))


class PdfFailed(Exception):
    """A PDF could not be made. `code`: too_large, too_deep, too_slow, busy, failed. `str()` is shown to people.

    Uncaught it becomes a page that says so.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self):
        return str(self.message)
