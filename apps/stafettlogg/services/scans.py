"""A signed paper consent as a file: checked by its first bytes, encrypted, and given a name that says nothing."""

import base64
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core import crypto
from apps.core.errors import RuleBroken
from apps.stafettlogg.models import ConsentAnswer

LARGEST = 5 * 1024 * 1024
_CONTEXT = "stafettlogg.consentanswer.scan"
_KINDS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
CONTENT_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


@dataclass(frozen=True)
class Scan:
    """What was uploaded. Its own name is never kept: it may name a child."""

    content: bytes


def kind_of(content: bytes) -> str:
    """pdf, jpg or png by the first bytes. Raises `RuleBroken` (`scan_too_large`, `scan_kind`)."""
    if len(content) > LARGEST:
        raise RuleBroken("scan_too_large", _("Filen er for stor. Den kan være på høyst 5 MB."))
    for start, kind in _KINDS.items():
        if content.startswith(start):
            return kind
    raise RuleBroken("scan_kind", _("Filen må være PDF, JPG eller PNG."))


def attach(answer: ConsentAnswer, scan: Scan) -> None:
    """Put the encrypted file on the unsaved answer."""
    kind = kind_of(scan.content)
    answer.scan = crypto.encrypt(_CONTEXT, answer.pk, base64.b64encode(scan.content).decode()).encode()
    answer.scan_name = f"samtykke.{kind}"


def content_of(answer: ConsentAnswer) -> tuple[bytes, str]:
    """The file and its content type, for a download by those who may see the answer."""
    content = base64.b64decode(crypto.decrypt(_CONTEXT, answer.pk, bytes(answer.scan or b"").decode()))
    return content, CONTENT_TYPES[answer.scan_name.rpartition(".")[2]]
