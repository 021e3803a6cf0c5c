"""Reading the environment: what is wrong stops the start with one sentence, which never shows a secret."""

import base64
import binascii
import ipaddress
import json
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


def private_jwk(name: str) -> dict[str, Any]:
    """A private key as a JSON Web Key with a `kid`, as JSON or as base64 of it. It is never shown."""
    text = env.str(name, default="").strip()
    try:
        key = json.loads(text if text.startswith("{") else base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        key = None
    if not isinstance(key, dict) or key.get("kty") not in ("RSA", "EC") or not key.get("d") or not key.get("kid"):
        refuse(f"{name} must be a private key (RSA or EC) written as a JSON Web Key with a kid; see docs/sign-in/.")
    return key


def id_porten(*, must_be_https: bool) -> dict[str, Any] | None:
    """Families' sign-in: complete, or None when its address is not given."""
    issuer = env.str("IDPORTEN_ISSUER", default="")
    if not issuer:
        return None
    levels = ["idporten-loa-low", "idporten-loa-substantial", "idporten-loa-high"]
    given = {
        "issuer": issuer,
        "client_id": env.str("IDPORTEN_CLIENT_ID", default=""),
        "private_key": private_jwk("IDPORTEN_KEY"),
        # From the lowest to the highest.
        "acr_order": tuple(env.list("IDPORTEN_ACR_ORDER", default=levels)),
        # What reading and answering asks for, and what a youth's own answer does.
        "acr": env.str("IDPORTEN_ACR", default="idporten-loa-high"),
        "acr_youth": env.str("IDPORTEN_ACR_YOUTH", default="idporten-loa-substantial"),
    }
    if not given["client_id"]:
        refuse("IDPORTEN_CLIENT_ID is missing. Samarbeidsportalen shows it; see docs/sign-in/id-porten.md.")
    if not {given["acr"], given["acr_youth"]} <= set(given["acr_order"]):
        refuse("IDPORTEN_ACR and IDPORTEN_ACR_YOUTH must be levels of IDPORTEN_ACR_ORDER.")
    if must_be_https and not issuer.startswith("https://"):
        refuse("IDPORTEN_ISSUER must start with https://")
    return given
