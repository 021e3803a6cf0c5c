"""A photo of a signed paper says nothing of where and when it was taken."""

import io

import pytest
from PIL import Image

from apps.core.errors import RuleBroken
from apps.stafettlogg.services.scans import kind_of, without_metadata

ORIENTATION, MODEL, GPS, LATITUDE = 0x0112, 0x0110, 0x8825, 2


def photo(kind="JPEG", *, size=(40, 20)) -> bytes:
    """As a telephone held on its side takes it."""
    picture, made = Image.new("RGB", size, "white"), io.BytesIO()
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL] = 6, "Telefon"
    exif.get_ifd(GPS)[LATITUDE] = (59.0, 54.0, 30.0)
    picture.save(made, kind, exif=exif.tobytes())
    return made.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_photo_is_kept_without_place_and_time_and_turned_as_it_was_held(kind):
    taken = photo(kind)
    assert b"Telefon" in taken

    kept = without_metadata(taken)

    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == (kind, (20, 40), {})
    assert b"Telefon" not in kept


def test_picture_that_cannot_be_read_is_refused_with_what_to_do():
    with pytest.raises(RuleBroken, match="lagre det som PDF"):
        without_metadata(b"\xff\xd8\xff and nothing more")


def test_picture_from_a_telephone_in_its_own_format_is_answered_with_what_to_do():
    with pytest.raises(RuleBroken, match="Mest kompatibel"):
        kind_of(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20)
