import pytest

from apps.core.collation import compare, in_norwegian, norwegian
from tests.core.models import Note

# In Norwegian order, as PostgreSQL's nb-x-icu has it.
ORDER = [
    "",
    " mellomrom",
    "-strek",
    "2",
    "10",
    "a",
    "A",
    "Abel",
    "Adam",
    "André",
    "Andre B",
    "Berg",
    "Đorđe",
    "Eva",
    "Gunn",
    "Ǥeađge",
    "Kiran",
    "Kırmızı",
    "Kåre",
    "Nilsen",
    "Nystad",
    "Ŋilla",
    "Strand",
    "Tuva",
    "Tüv",
    "zebra",
    "ærlig",
    "Ærlig",
    "ødegård",
    "Øst",
    "Österlund",
    "Øygard",
    "Aamodt",
    "Åmot",
    "Åse",
]


def numeric_last(names):
    """Digits are compared one by one, so 10 comes before 2."""
    return names[:3] + ["10", "2"] + names[5:]


def test_names_come_in_norwegian_order_in_python():
    by_code_point = sorted(ORDER)

    assert sorted(by_code_point, key=norwegian) == numeric_last(ORDER)


@pytest.mark.django_db
@pytest.mark.usefixtures("notes")
def test_names_come_in_norwegian_order_from_the_database():
    for name in reversed(ORDER):
        Note(title=name).save()

    assert list(Note.objects.order_by(in_norwegian("title")).values_list("title", flat=True)) == numeric_last(ORDER)


def test_only_the_same_text_is_equal():
    assert [compare("Åse", other) for other in ("Åse", "åse", "Aase")] == [0, 1, compare("Åse", "Aase")]
    assert compare("Åse", "Aase") != 0
    assert compare("a", "b") == -compare("b", "a") == -1
