from django.urls import path

from apps.stafettlogg.views import consents, letters, own_logs, papers, tablet

_BASE = "logger/<uuid:pk>/samtykke/"

urlpatterns = [
    path(_BASE, consents.consents, name="consents"),
    path(f"{_BASE}spor/", consents.consents_ask, name="consents_ask"),
    path(f"{_BASE}spor-om-seg-selv/", consents.consents_ask_own, name="consents_ask_own"),
    path(f"{_BASE}avbryt/", consents.consents_cancel, name="consents_cancel"),
    path(f"{_BASE}grenser/<uuid:answer_id>/", consents.consents_follow_limits, name="consents_follow_limits"),
    path(f"{_BASE}tolk/<uuid:wish_id>/", consents.interpreter_arranged, name="interpreter_arranged"),
    path(f"{_BASE}andre/<uuid:repeat_id>/", consents.consents_repeat, name="consents_repeat"),
    path(f"{_BASE}brev/<uuid:user_id>.pdf", letters.family_letter, name="family_letter"),
    path(f"{_BASE}brev/<uuid:user_id>/sendt/", letters.family_letter_posted, name="family_letter_posted"),
    path(f"{_BASE}hvem-leser/", own_logs.record_readers, name="record_readers"),
    path(f"{_BASE}svarer-alene/", own_logs.renew_decision, name="renew_decision"),
    path(f"{_BASE}trekk/<slug:who>/", consents.consents_withdrawal, name="consents_withdrawal"),
    path(f"{_BASE}svar/<uuid:answer_id>/", consents.consents_recorded, name="consents_recorded"),
    path(f"{_BASE}svar/<uuid:answer_id>/kvittering.pdf", papers.receipt_copy, name="receipt_copy"),
    path(f"{_BASE}svar/<uuid:answer_id>/papir/", papers.consent_scan, name="consent_scan"),
    path(f"{_BASE}<uuid:request_id>/<slug:who>/registrer/", consents.consents_record, name="consents_record"),
    path(f"{_BASE}<uuid:request_id>/<slug:who>/papir.pdf", papers.consent_paper, name="consent_paper"),
    path(f"{_BASE}<uuid:request_id>/<slug:who>/skjerm/", tablet.hand_screen, name="hand_screen"),
    path("svar-her/", tablet.tablet, name="tablet"),
    path("svar-her/stopp/", tablet.tablet_stop, name="tablet_stop"),
    path("svar-her/takk/", tablet.tablet_thanks, name="tablet_thanks"),
]
