"""Every address of the portal. The access matrix walks this file: a route without a verdict fails the tests."""

from django.urls import include, path

from apps.accounts.views.sign_in import set_language

urlpatterns = [
    path("sprak/", set_language, name="set_language"),
    path("", include("apps.core.urls")),
    path("", include("apps.accounts.urls")),
    path("varsler/", include("apps.notifications.urls")),
    path("veileder/", include("apps.guides.urls")),
    path("innstillinger/", include("apps.municipality.urls")),
    path("", include("apps.stafettlogg.urls")),
    path("", include("apps.portal.urls")),
]
handler400 = "apps.core.http.handler400"
handler403 = "apps.core.http.handler403"
handler404 = "apps.core.http.handler404"
handler500 = "apps.core.http.handler500"
handler429 = "apps.accounts.views.sign_in.too_many"  # asked for by django-allauth
