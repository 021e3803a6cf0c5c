from apps.municipality.services.settings import (
    add_phone,
    keep_phones,
    remove_phone,
    save_consent_ages,
    save_phone,
    save_settings,
    save_words,
)
from apps.municipality.services.units import (
    add_role,
    add_unit,
    close_unit,
    reopen_unit,
    save_role,
    save_unit,
    switch_unit,
)

__all__ = [
    "add_phone",
    "add_role",
    "add_unit",
    "close_unit",
    "keep_phones",
    "remove_phone",
    "reopen_unit",
    "save_consent_ages",
    "save_phone",
    "save_role",
    "save_settings",
    "save_unit",
    "save_words",
    "switch_unit",
]
