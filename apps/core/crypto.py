"""Encryption of single values: AES-256-GCM with key ids, and HMAC-SHA256 for equality search.

The additional data is `context` + row id, so a value moved to another column or row does not open. FIELD_KEYS maps id
to 32 bytes, newest first: the first encrypts, all decrypt. Rotating = put a new key first, `rewrap` every row, take the
old key away.
"""

import base64
import hashlib
import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


class DecryptionFailed(Exception):
    """The value was changed, belongs to another row or column, or its key is gone."""


def encrypt(context: str, row_id: UUID | int | str, text: str) -> str:
    """`<key id>.<base64 of nonce and ciphertext>`. The empty text stays empty."""
    if text == "":
        return ""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode("utf-8"), _bound_to(context, row_id))
    return f"{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(context: str, row_id: UUID | int | str, token: str) -> str:
    """The text. Raises `DecryptionFailed`."""
    if token == "":
        return ""
    key_id, _, encoded = token.partition(".")
    key = settings.FIELD_KEYS.get(key_id)
    if key is None:
        raise DecryptionFailed(f"{context}: the key of this value is not in FIELD_KEYS.")
    try:
        raw = base64.urlsafe_b64decode(encoded)
        opened = AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound_to(context, row_id))
    except (InvalidTag, ValueError) as error:
        raise DecryptionFailed(f"{context}: the value does not open for this row.") from error
    return opened.decode("utf-8")


def is_current(token: str) -> bool:
    """True when the value is sealed with the newest key (or is empty)."""
    return token == "" or token.partition(".")[0] == next(iter(settings.FIELD_KEYS))


def rewrap(context: str, row_id: UUID | int | str, token: str) -> str:
    """The stored text under the newest key; unchanged when it already is. Safe to repeat. Raises `DecryptionFailed`."""
    text = decrypt(context, row_id, token)
    return token if is_current(token) else encrypt(context, row_id, text)


def blind_index(context: str, text: str) -> str:
    """Hex HMAC-SHA256 of the text, for finding equal values without opening them. The empty text gives ''.

    The context keeps equal texts in two columns apart. To find the same person in two places, use the same context.
    """
    if text == "":
        return ""
    return hmac.new(settings.INDEX_KEY, f"{context}\0{text}".encode(), hashlib.sha256).hexdigest()


def _bound_to(context, row_id):
    if row_id in (None, ""):
        raise ValueError(f"{context}: a row without an id cannot hold an encrypted value.")
    return f"{context}\0{row_id}".encode()
