from django.urls import path

from apps.stafettlogg.views import guardians, signing

_BASE = "logger/<uuid:pk>/foresatte/"
_SIGN = "logger/<uuid:pk>/signer/"

urlpatterns = [
    path(_BASE, guardians.guardians, name="guardians"),
    path(f"{_BASE}ny/", guardians.guardian_add, name="guardian_add"),
    path(f"{_BASE}<uuid:guardian_id>/kontroll/", guardians.guardian_check, name="guardian_check"),
    path(f"{_BASE}<uuid:guardian_id>/kontakt/", guardians.guardian_contact, name="guardian_contact"),
    path(f"{_BASE}<uuid:guardian_id>/unntak/", guardians.guardian_exception, name="guardian_exception"),
    path("logger/<uuid:pk>/fodsel/", guardians.child_birth, name="child_birth"),
    path("logger/<uuid:pk>/adresse/", guardians.child_protection, name="child_protection"),
    path("logger/<uuid:pk>/adresse/opphevet/", guardians.ask_protection_end, name="ask_protection_end"),
    path(_SIGN, signing.leader_decisions, name="leader_decisions"),
    path(f"{_SIGN}unntak/<uuid:grant_id>/", signing.sign_exception, name="sign_exception"),
    path(f"{_SIGN}sperr/<uuid:guardian_id>/", signing.block_guardian, name="block_guardian"),
    path(f"{_SIGN}opphev/<uuid:guardian_id>/", signing.unblock_guardian, name="unblock_guardian"),
    path(f"{_SIGN}adresse/", signing.end_protection, name="end_protection"),
]
