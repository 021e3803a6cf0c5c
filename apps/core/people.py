"""A user, as the apps that stand before `accounts` know one."""

from datetime import date
from typing import Any, Literal, Protocol


class Person(Protocol):
    """What those apps ask of `accounts.User`. Somebody who is not signed in is Django's `AnonymousUser`."""

    @property
    def pk(self) -> Any: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def protected_identity(self) -> bool: ...
    @property
    def is_authenticated(self) -> Literal[True]: ...
    def rights_on(self, day: date) -> set[str]: ...
