import base64

import pytest

from apps.core import crypto
from apps.core.crypto import DecryptionFailed

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture(autouse=True)
def _one_key(settings):
    settings.FIELD_KEYS = {"k0": OLD}


@pytest.mark.parametrize("text", ["tekst", "æøå 🎈", "a" * 100_000, "\x00"])
def test_what_is_encrypted_opens_again(text):
    sealed = crypto.encrypt("app.model.field", "row", text)

    assert crypto.decrypt("app.model.field", "row", sealed) == text
    assert text not in sealed


def test_the_empty_text_stays_empty():
    assert crypto.encrypt("c", "row", "") == ""
    assert crypto.decrypt("c", "row", "") == ""


def test_the_same_text_is_never_sealed_alike():
    assert crypto.encrypt("c", "row", "x") != crypto.encrypt("c", "row", "x")


@pytest.mark.parametrize(("context", "row_id"), [("other", "row"), ("c", "other")])
def test_a_value_moved_to_another_column_or_row_does_not_open(context, row_id):
    sealed = crypto.encrypt("c", "row", "x")

    with pytest.raises(DecryptionFailed):
        crypto.decrypt(context, row_id, sealed)


def test_every_changed_byte_is_noticed():
    key_id, _, encoded = crypto.encrypt("c", "row", "hemmelig").partition(".")
    raw = base64.urlsafe_b64decode(encoded)

    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1
        with pytest.raises(DecryptionFailed):
            crypto.decrypt("c", "row", f"{key_id}.{base64.urlsafe_b64encode(bytes(changed)).decode()}")


@pytest.mark.parametrize("token", ["k0.", "k0.AAAA", "k0.!", "k9.AAAA", "hemmelig"])
def test_what_is_not_sealed_by_us_does_not_open(token):
    with pytest.raises(DecryptionFailed):
        crypto.decrypt("c", "row", token)


def test_an_old_value_opens_after_a_new_key_comes_first(settings):
    sealed = crypto.encrypt("c", "row", "x")
    settings.FIELD_KEYS = {"k1": NEW, "k0": OLD}

    assert not crypto.is_current(sealed)
    assert crypto.decrypt("c", "row", sealed) == "x"
    assert crypto.encrypt("c", "row", "x").startswith("k1.")


def test_rewrapped_values_open_when_the_old_key_is_gone(settings):
    sealed = crypto.encrypt("c", "row", "x")
    settings.FIELD_KEYS = {"k1": NEW, "k0": OLD}
    rewrapped = crypto.rewrap("c", "row", sealed)
    settings.FIELD_KEYS = {"k1": NEW}

    assert crypto.decrypt("c", "row", rewrapped) == "x"
    with pytest.raises(DecryptionFailed):
        crypto.decrypt("c", "row", sealed)


def test_rewrap_leaves_a_current_value_as_it_is():
    sealed = crypto.encrypt("c", "row", "x")

    assert crypto.rewrap("c", "row", sealed) == sealed
    assert crypto.rewrap("c", "row", "") == ""


@pytest.mark.parametrize("row_id", [None, ""])
def test_a_row_without_an_id_holds_no_secret(row_id):
    with pytest.raises(ValueError, match="without an id"):
        crypto.encrypt("c", row_id, "x")


def test_blind_index_finds_equal_texts_in_the_same_context_only():
    index = crypto.blind_index("person", "08881588057")

    assert index == crypto.blind_index("person", "08881588057")
    assert index != crypto.blind_index("person", "08881588058")
    assert index != crypto.blind_index("other", "08881588057")
    assert (len(index), "08881588057" in index) == (64, False)


def test_blind_index_follows_its_own_key(settings):
    index = crypto.blind_index("person", "x")
    settings.INDEX_KEY = b"i" * 32

    assert crypto.blind_index("person", "x") != index


def test_blind_index_of_nothing_is_nothing():
    assert crypto.blind_index("person", "") == ""
