from django.urls import path

from apps.stafettlogg.views.family import answering, code, consents, log, messages, own_logs, start

urlpatterns = [
    path("barna-dine/", start.children, name="children"),
    path("barna-dine/fodselsdato/", start.birth_date, name="birth_date"),
    path("barna-dine/kode/", code.code, name="code"),
    path("barna-dine/onske/", start.wish, name="wish"),
    path("barna-dine/onske/<uuid:wish_id>/", start.wish_sent, name="wish_sent"),
    path("logger/onsker/", start.wishes_to_unit, name="wishes"),
    path("logger/onsker/<uuid:wish_id>/besvart/", start.answer_wish, name="answer_wish"),
    path("barna-dine/<uuid:pk>/", log.parent_log, name="parent_log"),
    path("barna-dine/<uuid:pk>/svar/<uuid:request_id>/", answering.answer, name="answer"),
    path("barna-dine/<uuid:pk>/svar/<uuid:request_id>/<int:step>/", answering.answer_step, name="answer_step"),
    path("barna-dine/<uuid:pk>/samtykker/", consents.own_consents, name="own_consents"),
    path("barna-dine/<uuid:pk>/kvittering/<uuid:answer_id>/", consents.consent_receipt, name="consent_receipt"),
    path(
        "barna-dine/<uuid:pk>/kvittering/<uuid:answer_id>/pdf/",
        consents.consent_receipt_pdf,
        name="consent_receipt_pdf",
    ),
    path("barna-dine/<uuid:pk>/kvittering/<uuid:answer_id>/ikke-mitt/", consents.dispute, name="dispute"),
    path("barna-dine/<uuid:pk>/hvem-leser/", own_logs.own_readers, name="own_readers"),
    path("barna-dine/<uuid:pk>/trekk/", consents.withdraw, name="withdraw_all"),
    path("barna-dine/<uuid:pk>/trekk/<uuid:unit_id>/", consents.withdraw, name="withdraw"),
    path("barna-dine/<uuid:pk>/trukket/", consents.withdrawn, name="withdrawn"),
    path("barna-dine/<uuid:pk>/beskjeder/", messages.family_messages, name="family_messages"),
    path("barna-dine/<uuid:pk>/deltakere/", log.family_people, name="family_people"),
    path("barna-dine/<uuid:pk>/historikk/", log.family_history, name="family_history"),
    path("barna-dine/<uuid:pk>/hvem-har-sett/", log.family_seen, name="family_seen"),
    path("barna-dine/<uuid:pk>/last-ned/", log.family_download, name="family_download"),
    path("barna-dine/<uuid:pk>/si-fra/", start.tell_of_both, name="tell_of_both"),
    path("barna-dine/<uuid:pk>/avslutt/", log.family_close, name="family_close"),
]
