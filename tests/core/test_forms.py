import datetime
import uuid

import pytest
from django import forms

from apps.core.forms import DateField, FormKeyMixin, FreeTextField, NationalIdField, PortalForm
from tests.core.models import Note
from tests.core.pages import NoteForm, WishForm

DAY = datetime.date


class KeyForm(FormKeyMixin, forms.Form):
    pass


def test_each_form_shown_has_a_key_of_its_own():
    first, second = KeyForm(), KeyForm()

    assert first["form_key"].value() == first["form_key"].value()
    assert first["form_key"].value() != second["form_key"].value()
    assert 'type="hidden"' in str(first["form_key"])


@pytest.mark.parametrize("posted", ["", "ab6d56a8-6e47-4e0e-9b5c-0d4c7b0f9b11"])
def test_a_form_sent_always_has_a_key(posted):
    form = KeyForm({"form_key": posted})

    assert form.is_valid()
    assert isinstance(form.cleaned_data["form_key"], uuid.UUID)
    assert str(form.cleaned_data["form_key"]) == (posted or str(form.cleaned_data["form_key"]))


@pytest.mark.parametrize("hidden", [{"form_key": "x"}, {"version": "x"}, {"version": "-1"}, {"version": ""}])
def test_a_broken_hidden_field_asks_for_a_new_page(hidden):
    form = WishForm({"text": "hei", **hidden})

    assert not form.is_valid()
    assert form.non_field_errors() == ["Siden er for gammel. Last den på nytt og prøv igjen."]
    assert list(form.errors) == ["__all__"]


def test_a_form_without_version_has_none():
    form = WishForm({"text": "hei"})

    assert form.is_valid()
    assert "version" not in form.cleaned_data


def test_a_version_given_comes_back():
    shown = WishForm(version=3)
    sent = WishForm({"text": "hei", "version": str(shown["version"].value())})

    assert sent.is_valid()
    assert sent.cleaned_data["version"] == 3


def test_a_versioned_form_must_have_its_version():
    class EditForm(PortalForm, forms.Form):
        versioned = True

    assert not EditForm({}).is_valid()
    assert EditForm({"version": "2"}).is_valid()


@pytest.mark.django_db
@pytest.mark.usefixtures("notes")
def test_a_model_form_takes_the_version_of_a_saved_object():
    note = Note(title="a", version=4)

    assert "version" not in NoteForm(instance=note).fields
    note.save()
    assert NoteForm(instance=note)["version"].value() == 4


def test_a_model_form_never_writes_the_version():
    form = NoteForm({"title": "a", "level": "low", "version": "9"})

    assert form.is_valid()
    assert form.save(commit=False).version == 1


def test_hidden_fields_do_not_count_as_changed():
    form = WishForm({"form_key": "ab6d56a8-6e47-4e0e-9b5c-0d4c7b0f9b11"}, empty_permitted=True)

    assert form.has_changed() is False


def test_missing_answers_are_named_by_their_label():
    class AllForm(PortalForm, forms.Form):
        name = forms.CharField(label="Navn")
        kind = forms.ChoiceField(label="Slag", choices=[("a", "A")])
        sure = forms.BooleanField(label="Jeg er sikker")

    assert {name: list(errors) for name, errors in AllForm({}).errors.items()} == {
        "name": ["Fyll ut «Navn»."],
        "kind": ["Velg «Slag»."],
        "sure": ["Kryss av for «Jeg er sikker»."],
    }


def test_a_field_keeps_its_own_words_for_missing():
    class OwnForm(PortalForm, forms.Form):
        name = forms.CharField(error_messages={"required": "Skriv navnet på barnet."})

    assert OwnForm({}).errors["name"] == ["Skriv navnet på barnet."]


def test_a_wrong_email_address_says_how_to_write_it():
    class MailForm(PortalForm, forms.Form):
        email = forms.EmailField()

    assert MailForm({"email": "ikke-en-adresse"}).errors["email"] == ["Skriv e-postadressen slik: navn@eksempel.no."]


def test_the_browser_does_not_stop_a_form():
    assert "required" not in str(WishForm()["text"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-12", DAY(2026, 10, 12)),
        ("12.10.2026", DAY(2026, 10, 12)),
        ("1.2.2026", DAY(2026, 2, 1)),
        ("12.10.26", DAY(2026, 10, 12)),
        ("12/10/2026", DAY(2026, 10, 12)),
        ("12. oktober 2026", DAY(2026, 10, 12)),
        ("12.\u00a0oktober 2026", DAY(2026, 10, 12)),
        (" 12 OKTOBER 2026 ", DAY(2026, 10, 12)),
        ("1. des. 2026", DAY(2026, 12, 1)),
        ("12 October 2026", DAY(2026, 10, 12)),
        ("", None),
    ],
)
def test_a_date_may_be_written_in_several_ways(text, day):
    assert DateField(required=False).clean(text) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31.02.2026", "invalid"),
        ("12. okober 2026", "invalid"),
        ("i morgen", "invalid"),
        ("2026", "invalid"),
        ("0001-01-01", "too_early"),
        ("31.12.1899", "too_early"),
        ("9999-12-31", "too_late"),
        ("\x00", "invalid"),
        ("٣.٣.٢٠٢٦x", "invalid"),
        ("1" * 10_000, "invalid"),
    ],
)
def test_a_wrong_date_is_refused(text, code):
    with pytest.raises(forms.ValidationError) as caught:
        DateField().clean(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("11.10.2026", "too_early"), ("12.10.2026", None), ("14.10.2026", None), ("15.10.2026", "too_late")],
)
def test_a_date_is_held_between_its_first_and_last_day(text, code):
    field = DateField(first_day=DAY(2026, 10, 12), last_day=DAY(2026, 10, 14))

    class DayForm(forms.Form):
        day = field

    assert [error.code for error in DayForm({"day": text}).errors.as_data().get("day", [])] == ([code] if code else [])


def test_a_date_outside_its_limits_is_told_the_limit():
    field = DateField(first_day=DAY(2026, 10, 12))

    with pytest.raises(forms.ValidationError, match=r"før 12\.10\.2026"):
        field.clean("11.10.2026")


def test_a_date_is_shown_to_the_browser_as_iso():
    class DayForm(forms.Form):
        day = DateField(initial=DAY(2026, 10, 12))

    assert 'type="date"' in str(DayForm()["day"])
    assert 'value="2026-10-12"' in str(DayForm()["day"])


def test_national_id_field_gives_a_checked_number():
    assert NationalIdField(synthetic_ok=True).clean("088815 88057").digits == "08881588057"
    assert NationalIdField(synthetic_ok=True, required=False).clean("") is None


@pytest.mark.parametrize(("text", "ok", "words"), [("088815", True, "11 siffer"), ("08881588057", False, "testnummer")])
def test_national_id_field_explains_what_is_wrong(text, ok, words):
    with pytest.raises(forms.ValidationError, match=words):
        NationalIdField(synthetic_ok=ok).clean(text)


def test_free_text_refuses_a_national_id():
    with pytest.raises(forms.ValidationError) as caught:
        FreeTextField().clean("Gutten (088815 88057) er urolig")
    assert caught.value.code == "national_id"


def test_free_text_has_a_limit():
    assert FreeTextField(max_length=5).clean("12345") == "12345"
    with pytest.raises(forms.ValidationError):
        FreeTextField(max_length=5).clean("123456")
