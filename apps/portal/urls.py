from django.urls import path

from apps.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("arbeidet-ditt/", views.start, name="start"),
    path("logget-ut/", views.signed_out, name="signed_out"),
    path("barn-og-unge/", views.young, name="young"),
    path("personvern/", views.privacy, name="privacy"),
    path("informasjonskapsler/", views.cookies, name="cookies"),
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
    path("stil/", views.style, name="style"),
    path("hjelp/", views.help_page, name="help"),
    path("helse/", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
]
