from apps.accounts.services.absences import cancel_absence, record_absence
from apps.accounts.services.demo import demo_password
from apps.accounts.services.people import (
    choose_language,
    confirm_address,
    deactivate_those_who_left,
    set_protected_identity,
    sign_out_everywhere,
)
from apps.accounts.services.staff import (
    NewPerson,
    add_first_coordinator,
    add_membership,
    end_membership,
    end_person,
    end_places_in,
)

__all__ = [
    "NewPerson",
    "add_first_coordinator",
    "add_membership",
    "cancel_absence",
    "choose_language",
    "confirm_address",
    "deactivate_those_who_left",
    "demo_password",
    "end_membership",
    "end_person",
    "end_places_in",
    "record_absence",
    "set_protected_identity",
    "sign_out_everywhere",
]
