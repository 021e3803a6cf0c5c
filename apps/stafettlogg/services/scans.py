"""A signed paper consent as a file: checked by its first bytes, encrypted, and given a name that says nothing."""

import base64
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from apps.core import crypto
from apps.core.errors import RuleBroken
from apps.stafettlogg.models import ConsentAnswer

LARGEST = 5 * 1024 * 1024
_CONTEXT = "stafettlogg.consentanswer.scan"
_KINDS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
_FROM_IPHONE = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc")
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
    if content[4:12] in _FROM_IPHONE:
        raise RuleBroken(
            "scan_kind",
            _("Bildet er av typen HEIC. Ta bilde av papiret på nytt med «Mest kompatibel», eller lagre det som PDF."),
        )
    raise RuleBroken("scan_kind", _("Filen må være PDF, JPG eller PNG."))


def without_metadata(content: bytes) -> bytes:
    """The picture alone, turned as it was held: a photo tells where and when it was taken, often in the home.

    Raises `RuleBroken` (`scan_broken`) when it is no picture after all.
    """
    try:
        with Image.open(io.BytesIO(content)) as picture:
            kind = picture.format
            plain = ImageOps.exif_transpose(picture)
            plain.info = {}
            made = io.BytesIO()
            plain.save(made, kind, **({"quality": 90} if kind == "JPEG" else {}))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise RuleBroken("scan_broken", _("Bildet kan ikke leses. Ta det på nytt, eller lagre det som PDF.")) from None
    return made.getvalue()


def attach(answer: ConsentAnswer, scan: Scan) -> None:
    """Put the encrypted file on the unsaved answer."""
    kind = kind_of(scan.content)
    content = scan.content if kind == "pdf" else without_metadata(scan.content)
    answer.scan = crypto.encrypt(_CONTEXT, answer.pk, base64.b64encode(content).decode()).encode()
    answer.scan_name = f"samtykke.{kind}"


def content_of(answer: ConsentAnswer) -> tuple[bytes, str]:
    """The file and its content type, for a download by those who may see the answer."""
    content = base64.b64decode(crypto.decrypt(_CONTEXT, answer.pk, bytes(answer.scan or b"").decode()))
    return content, CONTENT_TYPES[answer.scan_name.rpartition(".")[2]]
