import pytest
from django.core import checks

from apps.core.checks import real_installation

SOUND = {
    "DEBUG": False,
    "DEMO": False,
    "OPEN_FOR_TRIAL": False,
    "EMBEDDED": False,
    "SYNTHETIC_IDS": False,
    "SECURE": True,
    "ALLOWED_HOSTS": ["bti.solvik.example"],
    "SESSION_IDLE_SECONDS": 1800,
    "SESSION_ABSOLUTE_SECONDS": 36_000,
}


@pytest.fixture(autouse=True)
def _sound(settings):
    for name, value in SOUND.items():
        setattr(settings, name, value)


def found():
    return [error.id for error in real_installation(None)]


def test_a_sound_installation_passes():
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "check_id"),
    [
        ("DEBUG", True, "core.E101"),
        ("DEMO", True, "core.E102"),
        ("OPEN_FOR_TRIAL", True, "core.E109"),
        ("EMBEDDED", True, "core.E103"),
        ("SYNTHETIC_IDS", True, "core.E104"),
        ("SECURE", False, "core.E105"),
        ("ALLOWED_HOSTS", ["*"], "core.E106"),
        ("SESSION_IDLE_SECONDS", 1801, "core.E107"),
        ("SESSION_ABSOLUTE_SECONDS", 36_001, "core.E108"),
    ],
)
def test_what_belongs_to_trials_is_refused(settings, name, value, check_id):
    setattr(settings, name, value)

    assert found() == [check_id]


def test_owners_password_beside_another_role_is_refused(monkeypatch):
    monkeypatch.setenv("POSTGRES_PASSWORD", "the owner's")
    assert found() == ["core.E109"]

    monkeypatch.setenv("POSTGRES_PASSWORD", "")
    assert found() == []


def test_the_checks_run_before_going_live_only():
    assert real_installation in checks.registry.registry.get_checks(include_deployment_checks=True)
    assert real_installation not in checks.registry.registry.get_checks()
