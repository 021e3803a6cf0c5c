"""Reading the environment: what is wrong stops the start with one sentence, which never shows a secret."""

import ipaddress
from collections.abc import Callable
from typing import Any, NoReturn

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def refuse(sentence: str) -> NoReturn:
    raise ImproperlyConfigured(sentence)


def boolean(name: str, *, default: bool) -> bool:
    text = env.str(name, default="").strip().lower()
    if text not in ("", "true", "false", "1", "0", "yes", "no", "on", "off"):
        refuse(f"{name} must be true or false.")
    return default if not text else text in ("true", "1", "yes", "on")


def number(name: str, *, default: int) -> int:
    text = env.str(name, default="").strip()
    if text and not text.isdecimal():
        refuse(f"{name} must be a whole number.")
    return int(text) if text else default


def address(name: str, read: Callable[..., dict[str, Any]], **default: Any) -> dict[str, Any]:
    """What `read` makes of the address. One that cannot be read is not shown: it holds a password."""
    try:
        made = read(name, **default)
    except (ValueError, KeyError, ImproperlyConfigured):
        made = {}
    if not made.get("EMAIL_BACKEND") and not (made.get("ENGINE") and made.get("NAME")):
        refuse(f"{name} cannot be read. In a password # is written %23, / is %2F, ? is %3F and @ is %40.")
    return made


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        return [ipaddress.ip_network(text.strip(), strict=False) for text in env.list(name, default=[])]
    except ValueError:
        refuse(f"{name} must be addresses or networks separated by commas, for example 10.0.0.0/8.")
