from apps.accounts.services.absences import cancel_absence, check_absence, record_absence
from apps.accounts.services.demo import demo_password
from apps.accounts.services.imports import import_people
from apps.accounts.services.people import (
    add_citizen,
    choose_language,
    confirm_address,
    deactivate_those_who_left,
    password_link,
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
from apps.accounts.services.staff_provider import (
    link_staff,
    save_staff_provider,
    staff_back_address,
    staff_from,
    staff_out_address,
    try_staff_provider,
    unlink_staff,
)

__all__ = [
    "NewPerson",
    "add_citizen",
    "add_first_coordinator",
    "add_membership",
    "cancel_absence",
    "check_absence",
    "choose_language",
    "confirm_address",
    "deactivate_those_who_left",
    "demo_password",
    "end_membership",
    "end_person",
    "end_places_in",
    "import_people",
    "link_staff",
    "password_link",
    "record_absence",
    "save_staff_provider",
    "set_protected_identity",
    "sign_out_everywhere",
    "staff_back_address",
    "staff_from",
    "staff_out_address",
    "try_staff_provider",
    "unlink_staff",
]
