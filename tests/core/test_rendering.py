import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import gettext_lazy

from apps.core.forms import LocalizedFormField, PortalForm
from apps.core.rendering import Described
from tests.markup import tight


class WishForm(PortalForm, forms.Form):
    name = forms.CharField(label="Hva heter barnet?", help_text="Fornavn og etternavn.")
    note = forms.CharField(label="Notat", widget=forms.Textarea, max_length=500, required=False)
    share = forms.ChoiceField(label="Vil du dele?", choices=[("y", "Ja"), ("n", "Nei")], widget=forms.RadioSelect)
    readers = forms.ChoiceField(
        label="Hvem leser?",
        choices=[("h", Described(gettext_lazy("Bare stafettholder"), "Ane Solheim")), ("a", "Alle"), ("l", "Senere")],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="Hva?", choices=[("1", "Mål"), ("2", "Tiltak")], widget=forms.CheckboxSelectMultiple, required=False
    )
    title = LocalizedFormField(label="Navn på nivået")
    scan = forms.FileField(label="Skann", required=False)
    knows = forms.BooleanField(label="Barnet vet hvem som leser dette")


def test_field_kinds_are_told_apart():
    form = WishForm()

    assert {
        name: form[name].kind for name in ("name", "note", "share", "readers", "topics", "title", "scan", "knows")
    } == {
        "name": "box",
        "note": "box",
        "share": "choices",
        "readers": "choices",
        "topics": "choices",
        "title": "group",
        "scan": "box",
        "knows": "checkbox",
    }


def test_field_says_valgfritt_only_where_it_may_be_left_out():
    form = WishForm()

    assert [bound.name for bound in form.visible_fields() if bound.is_optional] == ["note", "topics", "scan"]
    assert str(form["note"].as_field_group()).count("Valgfritt") == 1
    assert "Valgfritt" not in str(form["name"].as_field_group())


def test_field_with_error_is_tied_to_its_text():
    html = str(WishForm({})["name"].as_field_group())

    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<div id="id_name_error">' in html
    assert "Svar på «Hva heter barnet?»" in html


def test_field_without_error_is_not_marked():
    html = str(WishForm()["name"].as_field_group())

    assert "aria-invalid" not in html
    assert "data-error" not in html
    assert 'aria-describedby="id_name_helptext"' in html


def test_two_choices_stand_side_by_side_and_three_do_not():
    form = WishForm()

    assert "data-inline" in str(form["share"].as_field_group())
    assert "data-inline" not in str(form["readers"].as_field_group())


def test_choice_can_carry_a_hint():
    html = tight(str(WishForm()["readers"].as_field_group()))

    assert "<b>Bare stafettholder</b><span>Ane Solheim</span>" in html
    assert "<b>Alle</b></label>" in html


def test_nothing_is_ticked_beforehand():
    form = WishForm()

    assert "checked" not in str(form["share"]) + str(form["readers"]) + str(form["topics"]) + str(form["knows"])


def test_long_text_says_how_long_it_may_be():
    assert "Inntil 500 tegn" in str(WishForm()["note"].as_field_group())


def test_localized_field_has_a_labelled_box_per_language():
    html = str(WishForm()["title"].as_field_group())

    assert [f'for="id_title_{number}"' in html for number in (0, 1, 2)] == [True, True, True]
    assert [f'id="id_title_{number}"' in html for number in (0, 1, 2)] == [True, True, True]


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [("name", "id_name"), ("share", "id_share_0"), ("title", "id_title_0"), ("knows", "id_knows")],
)
def test_error_summary_leads_to_the_first_box(name, leads_to):
    form = WishForm({})
    html = Template("{% load portal %}{% error_summary form %}").render(Context({"form": form}))

    assert form[name].first_id == leads_to
    assert f'href="#{leads_to}"' in html
    assert f'id="{leads_to}"' in str(form[name])


def test_error_summary_gives_hidden_fields_and_can_leave_them():
    form = WishForm()
    inside = Template("{% load portal %}{% error_summary form %}").render(Context({"form": form}))
    above = Template("{% load portal %}{% error_summary form hidden=False %}").render(Context({"form": form}))

    assert ('name="form_key"' in inside, 'name="form_key"' in above) == (True, False)
    assert "p-errors" not in inside


def test_error_summary_takes_focus():
    html = Template("{% load portal %}{% error_summary form %}").render(Context({"form": WishForm({})}))

    assert 'tabindex="-1" autofocus' in html


def test_whole_form_has_summary_hidden_and_all_fields():
    html = str(WishForm({}))

    assert html.count('class="p-errors"') == 1
    assert html.count('name="form_key"') == 1
    assert all(f'name="{name}' in html for name in ("name", "note", "share", "readers", "topics", "title", "knows"))
