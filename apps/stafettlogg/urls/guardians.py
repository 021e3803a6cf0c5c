from django.urls import path

from apps.stafettlogg.views import care, exception_signing, exceptions, foster, guardians, hidden_places, links, signing

_BASE = "logger/<uuid:pk>/foresatte/"
_SIGN = "logger/<uuid:pk>/signer/"

urlpatterns = [
    path(_BASE, guardians.guardians, name="guardians"),
    path(f"{_BASE}ingen-andre/", guardians.no_others, name="no_others"),
    path(f"{_BASE}ny/", guardians.guardian_add, name="guardian_add"),
    path(f"{_BASE}<uuid:guardian_id>/kontroll/", guardians.guardian_check, name="guardian_check"),
    path(f"{_BASE}<uuid:guardian_id>/kontakt/", guardians.guardian_contact, name="guardian_contact"),
    path(f"{_BASE}<uuid:guardian_id>/unntak/", exceptions.guardian_exception, name="guardian_exception"),
    path(f"{_BASE}<uuid:guardian_id>/forsok/", exceptions.guardian_reached, name="guardian_reached"),
    path(f"{_BASE}<uuid:guardian_id>/brev.pdf", exceptions.exception_letter, name="exception_letter"),
    path(f"{_BASE}<uuid:guardian_id>/brev/", exceptions.exception_letter_sent, name="exception_letter_sent"),
    path(f"{_BASE}<uuid:guardian_id>/kode/", links.place_code, name="place_code"),
    path(f"{_BASE}<uuid:guardian_id>/kobling/", links.cut_link, name="cut_link"),
    path(f"{_BASE}<uuid:guardian_id>/skjul/", hidden_places.hide_place, name="hide_place"),
    path(f"{_BASE}skjult/<uuid:hiding_id>/forleng/", hidden_places.prolong_hiding, name="prolong_hiding"),
    path(f"{_BASE}skjult/<uuid:hiding_id>/vis/", hidden_places.end_hiding, name="end_hiding"),
    path(f"{_BASE}kode/<uuid:code_id>/", links.answer_place_code, name="answer_place_code"),
    path("logger/<uuid:pk>/omsorg/", care.record_care, name="record_care"),
    path("logger/<uuid:pk>/omsorg/<uuid:decision_id>/", care.end_care, name="end_care"),
    path(f"{_BASE}plass/ny/", foster.foster_add, name="foster_add"),
    path(f"{_BASE}plass/<uuid:place_id>/svar/", foster.foster_answered, name="foster_answered"),
    path(f"{_BASE}plass/<uuid:place_id>/skjult/", foster.foster_hidden, name="foster_hidden"),
    path(f"{_BASE}plass/<uuid:place_id>/slutt/", foster.foster_end, name="foster_end"),
    path("logger/<uuid:pk>/fodsel/", guardians.child_birth, name="child_birth"),
    path("logger/<uuid:pk>/adresse/", guardians.child_protection, name="child_protection"),
    path("logger/<uuid:pk>/adresse/opphevet/", guardians.ask_protection_end, name="ask_protection_end"),
    path(_SIGN, signing.leader_decisions, name="leader_decisions"),
    path(f"{_SIGN}unntak/<uuid:grant_id>/", exception_signing.sign_exception, name="sign_exception"),
    path(f"{_SIGN}unntak/<uuid:grant_id>/brev.pdf", exception_signing.leader_letter, name="leader_letter"),
    path(f"{_SIGN}unntak/<uuid:grant_id>/brev/", exception_signing.leader_letter_sent, name="leader_letter_sent"),
    path("medsigner/<uuid:grant_id>/", exception_signing.second_signature, name="second_signature"),
    path(f"{_SIGN}brudd/<uuid:cut_id>/", signing.breach_reported, name="breach_reported"),
    path(f"{_SIGN}sperr/<uuid:guardian_id>/", signing.block_guardian, name="block_guardian"),
    path(f"{_SIGN}opphev/<uuid:guardian_id>/", signing.unblock_guardian, name="unblock_guardian"),
    path(f"{_SIGN}skjult/<uuid:hiding_id>/", hidden_places.confirm_hiding, name="confirm_hiding"),
    path(f"{_SIGN}adresse/", signing.end_protection, name="end_protection"),
]
