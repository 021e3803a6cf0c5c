"""A real municipality starts with what it answers, and nothing that anybody has invented."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from apps.accounts.models import Membership
from apps.guides.models import GuideVersion
from apps.municipality.models import ConsentAgeRule, Municipality, PhoneNumber, Role
from apps.municipality.rules.starting import is_org_number
from apps.municipality.selectors import gate_phones, readiness, words
from apps.stafettlogg.models import ConsentText
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ANSWERS = {
    "name": "Fjellvik kommune",
    "org_number": "974 760 673",
    "language_form": "nn",
    "model": "BTS",
    "coordinator_name": "Siv Nes",
    "coordinator_email": "Siv.Nes@fjellvik.kommune.no",
    "dpo_name": "Per Lund",
    "dpo_email": "ombod@fjellvik.kommune.no",
    "phones": {"barnevernvakt": "55 66 77 88"},
}


@pytest.fixture
def start(tmp_path, capsys):
    def run(**answers):
        path = tmp_path / "answers.json"
        path.write_text(json.dumps(answers), "utf-8")
        call_command("start_municipality", answers=str(path))
        return capsys.readouterr().out

    return run


def counts():
    models = (Municipality, Role, PhoneNumber, ConsentAgeRule, GuideVersion, ConsentText, Membership)
    return [model.objects.count() for model in models]


def test_everything_a_municipality_starts_from_is_there(start):
    out = start(**ANSWERS)

    row = Municipality.objects.get()
    assert (row.name, row.org_number, row.language_form, row.model_short) == (
        "Fjellvik kommune",
        "974 760 673",
        "nn",
        "BTS",
    )
    assert (row.dpo_name, row.opened_at) == ("Per Lund", None)
    assert GuideVersion.objects.get().content["tools"]
    assert ConsentText.objects.count() == 4
    place = Membership.objects.get()
    assert (place.user.email, place.role.key, place.unit.name) == (
        "siv.nes@fjellvik.kommune.no",
        "bti-koordinator",
        "Fjellvik kommune",
    )
    assert "/innstillinger/apning/" in out


def test_again_it_adds_nothing_and_writes_over_nothing(start):
    start(**ANSWERS)
    before = counts()
    PhoneNumber.objects.filter(key="barnevernvakt").get()
    Role.objects.get(key="jurist").delete()

    start(**ANSWERS | {"name": "Noe annet", "model": "BTI", "phones": {"barnevernvakt": "11 11 11 11"}})

    assert counts() == before  # the role that was gone is there again
    row = Municipality.objects.get()
    assert (row.name, row.model_short) == ("Fjellvik kommune", "BTS")
    assert PhoneNumber.objects.get(key="barnevernvakt").number == "55 66 77 88"


def test_nothing_invented_reaches_a_real_installation(start):
    start(name="Fjellvik kommune")

    row = Municipality.objects.get()
    asked = ("org_number", "address", "phone", "email", "contact_name", "dpo_name", "dpo_email", "dpo_phone")
    assert [getattr(row, name) for name in asked] == [""] * len(asked)
    assert {phone.number for phone in PhoneNumber.objects.all() if phone.number.startswith("00")} == set()
    assert PhoneNumber.objects.get(key="barnevernvakt").number == ""
    # Nobody meets a name without a number; the national numbers are there.
    numbers = {phone.number for phone in gate_phones()}
    assert "" not in numbers
    assert {"112", "113", "116 111", "116 117"} <= numbers
    # Nobody is said to have gone through a law.
    assert {law["reviewed_by"] for law in GuideVersion.objects.get().content["laws"]} == {""}


def test_what_is_not_answered_is_red(start):
    start(name="Fjellvik kommune")

    red = {line.check.key: line.text for line in readiness.overview(timezone.now()).red}

    assert {"kommunen", "telefon", "tekster", "lover", "fare-for-liv", "dpia", "ledere", "sikkerhetskopi"} <= set(red)
    assert "personvernombud" in red["kommunen"]


def test_template_of_choices_is_followed(start):
    start(**ANSWERS | {"template": "sogndal"})

    rule = ConsentAgeRule.objects.get(kind="bup")
    assert (rule.age, rule.guardians_needed) == (15, True)
    assert Role.objects.get(key="leder-barnehagene").rights == ["employee", "leader", "flow"]


def test_words_of_a_template_are_ours(start):
    start(**ANSWERS | {"template": "strand"})

    assert words("veileder", "nb").definite == "BTI-veilederen"
    assert Municipality.objects.get().own_words["veileder"]["nb"][0] == "BTI-veileder"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"org_number": "974 760 674"},
        {"language_form": "da"},
        {"model": "BTX"},
        {"dpo_email": "ombud"},
        {"coordinator_email": "siv"},
        {"template": "oslo"},
        {"nmae": "Fjellvik"},
    ],
)
def test_wrong_answer_is_refused_and_starts_nothing(start, wrong):
    with pytest.raises(CommandError):
        start(**ANSWERS | wrong)

    assert counts() == [0] * 7


def test_a_database_with_the_demo_is_refused(start):
    make_user(is_demo=True)

    with pytest.raises(CommandError, match="demo"):
        start(**ANSWERS)


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("974760673", True),
        ("974 760 673", True),
        ("974760674", False),
        ("97476067", False),
        ("abc", False),
        ("", False),
    ],
)
def test_org_number_has_a_control_digit(text, is_right):
    assert is_org_number(text) is is_right
