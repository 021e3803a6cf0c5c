"""A7: a form writes the fields it shows, whatever else is sent with it."""

import html
import re

import pytest
from django.db.models import ForeignKey
from django.urls import reverse

from apps.accounts.models import User
from apps.municipality.models import Municipality, Unit
from apps.stafettlogg.models import Child, Goal, Guardian, Log, Measure
from tests import crawl
from tests.world import make_world

pytestmark = pytest.mark.django_db
FIELD = re.compile(r"<(?:input|select|textarea)\b[^>]*>")


def _in_log(name, thing=""):
    def url(world):
        ids = {"goal": world.things["goal"].pk, "measure": world.things["measure"].pk}
        ids["guardian"] = world.log.guardians[0].pk
        return reverse(f"stafettlogg:{name}", args=[world.log.pk, *([ids[thing]] if thing else [])])

    return url


# What is opened -> (who, address, whose row, what she fills in, what may change).
FORMS = {
    "a goal": ("holder", _in_log("edit_goal", "goal"), Goal, {"title": "Ny tittel"}, {"title"}),
    "a measure": ("holder", _in_log("edit_measure", "measure"), Measure, {"title": "Nytt tiltak"}, {"title"}),
    "the reason": ("holder", _in_log("reason"), Log, {"reason": "Ny grunn"}, {"reason"}),
    "how to reach a guardian": (
        "holder",
        _in_log("guardian_contact", "guardian"),
        Guardian,
        {"phone": "00 00 00 09"},
        {"phone", "email"},
    ),
    "own language": (
        "holder",
        lambda world: reverse("accounts:profile"),
        User,
        {"language": "nn"},
        {"language"},
    ),
    "a unit": (
        "coordinator",
        lambda world: reverse("municipality:unit", args=[world.things["own"].pk]),
        Unit,
        {"name": "Nytt navn"},
        {"name", "contact_phone", "contact_email"},
    ),
    "a setting": (
        "coordinator",
        lambda world: reverse("municipality:section", args=["kommunen"]),
        Municipality,
        {"name": "Ny kommune"},
        {"name"},
    ),
}


def _row(model, who, world):
    things = {
        Goal: lambda: world.things["goal"].pk,
        Measure: lambda: world.things["measure"].pk,
        Log: lambda: world.log.pk,
        Guardian: lambda: world.log.guardians[0].pk,
        User: lambda: world.people[who].pk,
        Unit: lambda: world.things["own"].pk,
        Municipality: lambda: Municipality.objects.get().pk,
    }
    return model.objects.get(pk=things[model]())


def _as_shown(page: str, filled: dict) -> tuple[dict, set]:
    """The form that has the filled-in field: as the browser would send it back, and the names of all its fields."""
    (name,) = filled
    form = next(f for f in re.findall(r"<form\b.*?</form>", page, re.DOTALL) if f'name="{name}"' in f)
    values = {}
    for tag in FIELD.findall(form):
        found, value = re.search(r'\bname="([^"]+)"', tag), re.search(r'\bvalue="([^"]*)"', tag)
        is_choice = 'type="radio"' in tag or 'type="checkbox"' in tag
        if found and (not is_choice or "checked" in tag):
            values.setdefault(found[1], html.unescape(value[1]) if value else "")
    for select, options in re.findall(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option[^>]*value="([^"]*)"[^>]*\bselected', options)
        values[select] = html.unescape(chosen[1]) if chosen else ""
    for area, text in re.findall(r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        values[area] = html.unescape(text).strip()
    return values | filled, set(re.findall(r'\bname="([^"]+)"', form))


def _hostile(model, row, shown) -> dict:
    """Another value for every field of the model that the form does not show."""
    other = Child.objects.exclude(given_name="Kanarifugl").first()
    values = {}
    for field in model._meta.concrete_fields:
        names = {field.name, field.attname} - shown
        if isinstance(field, ForeignKey):
            value = str(field.related_model.objects.exclude(pk=getattr(row, field.attname)).first() and other.pk)
        elif field.choices:
            value = next(code for code, _label in field.choices if code != getattr(row, field.name))
        else:
            value = {"BooleanField": "on", "DateField": "2030-01-01"}.get(field.get_internal_type(), "9")
        values |= dict.fromkeys(names, value)
    return values | {"is_superuser": "on", "is_staff": "on", "actor": "9", "rights": "coordinator"}


@pytest.mark.parametrize("what", FORMS)
def test_form_writes_only_what_it_shows(what):
    world = make_world()
    who, url_of, model, filled, may_change = FORMS[what]
    client, url = crawl.Visitor(who, world.people[who]).client, url_of(world)
    values, shown = _as_shown(client.get(url).text, filled)
    before = _row(model, who, world)

    response = client.post(url, _hostile(model, before, shown) | values)

    after = _row(model, who, world)
    changed = {f.name for f in model._meta.concrete_fields if getattr(before, f.attname) != getattr(after, f.attname)}
    assert response.status_code == 302, response.context["form"].errors
    assert set(filled) <= changed
    assert changed - {"version", "changed_at", "search_name"} <= may_change
