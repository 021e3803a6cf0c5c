from django.urls import path

from apps.municipality.views import readiness, settings, units

app_name = "municipality"
urlpatterns = [
    path("", settings.overview, name="settings"),
    path("ord/", settings.words, name="words"),
    path("ord/<slug:key>/", settings.word, name="word"),
    path("samtykkealder/", settings.consent_ages, name="consent_ages"),
    path("telefoner/", settings.phones, name="phones"),
    path("telefoner/ny/", settings.phone_new, name="phone_new"),
    path("telefoner/<uuid:pk>/", settings.phone, name="phone"),
    path("telefoner/<uuid:pk>/ta-bort/", settings.phone_remove, name="phone_remove"),
    path("enheter/", units.units, name="units"),
    path("enheter/ny/", units.unit_new, name="unit_new"),
    path("enheter/<uuid:pk>/", units.unit, name="unit"),
    path("enheter/<uuid:pk>/bruk/", units.unit_switch, name="unit_switch"),
    path("roller/", units.roles, name="roles"),
    path("roller/ny/", units.role_new, name="role_new"),
    path("roller/<uuid:pk>/", units.role, name="role"),
    path("apning/", readiness.readiness, name="readiness"),
    path("apning/telefoner/", readiness.phones, name="readiness_phones"),
    path("apning/telefoner/<uuid:pk>/svarte/", readiness.phone_answers, name="readiness_phone_answers"),
    path("apning/e-post/", readiness.email, name="readiness_email"),
    path("apning/enhet/<uuid:pk>/ansattliste/", readiness.staff_list, name="readiness_staff_list"),
    path("apning/<slug:key>/", readiness.word, name="readiness_word"),
    path("valg/", readiness.choices, name="choices"),
    path("<slug:key>/", settings.section, name="section"),
]
