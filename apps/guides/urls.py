from django.urls import path, register_converter

from apps.guides import views


class StepKey:
    regex = "n[0-3]s[1-9]"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(StepKey, "step_key")

app_name = "guides"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("vold/", views.gate, name="gate"),
    path("vis-for/", views.choose_variant, name="choose_variant"),
    path("verktoy/", views.tools, name="tools"),
    path("verktoy/<slug:slug>.pdf", views.tool, name="tool"),
    path("lover/", views.laws, name="laws"),
    path("tema/<slug:slug>/", views.theme, name="theme"),
    path("videre/<slug:outcome_key>/", views.outcome, name="outcome"),
    path("versjoner/", views.versions, name="versions"),
    path("versjoner/<int:number>/", views.old_version, name="old_version"),
    path("versjoner/<int:number>/<step_key:step_key>/", views.old_version, name="old_version_step"),
    path("tilbakemelding/", views.feedback, name="feedback"),
    path("tilbakemelding/takk/", views.feedback_sent, name="feedback_sent"),
    path("<step_key:step_key>/", views.step, name="step"),
]
