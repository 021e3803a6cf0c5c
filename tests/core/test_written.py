"""What people write is kept in one form, and compared in one form."""

import pytest
from django import forms
from django.http import QueryDict

from apps.core.forms import PortalForm
from apps.core.written import as_written, folded


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Åse", "Åse"),
        ("A\u030ase", "Åse"),  # a and a ring, as some keyboards send it
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("Emma\u200b", "Emma"),
        ("Em\u00adma", "Emma"),
        ("M\u00e5l \u202e txet", "Mål  txet"),  # the rest of the line is not turned around
        ("\u200b\u2060\u3164\u00ad\u202e", ""),
        ("\ufeffHei", "Hei"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # Persian needs its non-joiner
        ("👩\u200d👧", "👩\u200d👧"),
        ("Hei\u200d", "Hei"),
        ("\u200d", ""),
        ("O\u2019Brien \u2013 \u00abMari\u00bb", "O\u2019Brien \u2013 \u00abMari\u00bb"),  # as written
    ],
)
def test_text_is_kept_as_written_without_what_nobody_sees(text, kept):
    assert as_written(text) == kept
    assert as_written(kept) == kept


@pytest.mark.parametrize(
    "same",
    [
        ("Anne-Lise O'Brien", "Anne-Lise O\u2019Brien"),  # the quote of an iPad
        ("Anne-Lise", "Anne\u2011Lise"),
        ("Anne-Lise", "Anne\u2013Lise"),
        ("Anne-Lise", "Anne Lise"),
        ("Anne-Lise", " anne  LISE\u200b"),
        ("\u0141ukasz \u0110ặng", "Lukasz Dang"),
        ("Šárá", "Sara"),
        ("Yıldız", "Yildiz"),
        ("Haakon Sæther", "Håkon Saether"),
        ("Bjørn", "Bjorn"),
        ("Fjell, Noah", "Fjell Noah"),
        ("Ǥeađge", "Geadge"),
    ],
)
def test_names_people_take_for_the_same_are_the_same(same):
    one, other = map(folded, same)

    assert one == other != ""


@pytest.mark.parametrize("different", [("Emma", "Emmy"), ("Anne Lise", "Annelise"), ("Per O'Brien", "Pål O'Brien")])
def test_other_names_are_other_names(different):
    one, other = map(folded, different)

    assert one != other


class NoteForm(PortalForm, forms.Form):
    text = forms.CharField(max_length=20)


def test_line_break_counts_as_the_one_character_it_is_to_the_writer():
    form = NoteForm(QueryDict(mutable=True) | {"text": "a\r\nb\r\n" * 5})

    assert form.is_valid()
    assert form.cleaned_data["text"] == "\n".join("ab" * 5)


@pytest.mark.parametrize("blank", ["\u200b", "\u2060", "\u3164", "\u00ad", "\u202e", " \u200b "])
def test_text_that_nobody_sees_is_no_text(blank):
    form = NoteForm({"text": blank})

    assert form.errors == {"text": ["Fyll ut «Text»."]}
