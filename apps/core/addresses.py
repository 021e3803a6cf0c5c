"""The addresses of things: many links of one kind on a page are one look-up."""

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

_ANY = UUID(int=0)


def address(url_name: str, pk: UUID) -> str:
    """What `reverse(url_name, args=[pk])` gives, for an address with one id in it. Raises `NoReverseMatch`."""
    before, after = _around(url_name, get_script_prefix())
    return f"{before}{pk}{after}"


@lru_cache(maxsize=512)
def _around(url_name: str, _prefix: str) -> tuple[str, str]:
    before, _id, after = reverse(url_name, args=[_ANY]).partition(str(_ANY))
    return before, after
