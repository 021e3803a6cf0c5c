from django.urls import path, register_converter

from apps.guides.views import editing, gate, practice, reading


class StepKey:
    regex = "n[0-3]s[1-9]"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(StepKey, "step_key")

app_name = "guides"
urlpatterns = [
    path("", reading.overview, name="overview"),
    path("vold/", gate.gate, name="gate"),
    path("barnevernet/", gate.report, name="report"),
    path("vis-for/", reading.choose_variant, name="choose_variant"),
    path("ov/", practice.practice, name="practice"),
    path("ov/<int:number>/", practice.practice_step, name="practice_step"),
    path("ov/ferdig/", practice.practice_done, name="practice_done"),
    path("verktoy/", reading.tools, name="tools"),
    path("verktoy/<slug:slug>.pdf", reading.tool, name="tool"),
    path("lover/", reading.laws, name="laws"),
    path("tema/<slug:slug>/", reading.theme, name="theme"),
    path("videre/<slug:outcome_key>/", reading.outcome, name="outcome"),
    path("versjoner/", reading.versions, name="versions"),
    path("versjoner/<int:number>/", reading.old_version, name="old_version"),
    path("versjoner/<int:number>/<step_key:step_key>/", reading.old_version, name="old_version_step"),
    path("versjoner/<int:number>/tema/<slug:slug>/", reading.old_theme, name="old_theme"),
    path("versjoner/<int:number>/verktoy/<slug:slug>.pdf", reading.old_tool, name="old_tool"),
    path("tilbakemelding/", reading.feedback, name="feedback"),
    path("tilbakemelding/takk/", reading.feedback_sent, name="feedback_sent"),
    path("rediger/", editing.editor, name="editor"),
    path("rediger/publiser/", editing.publish, name="publish"),
    path("rediger/tilbakemeldinger/", editing.feedback_list, name="feedback_list"),
    path("rediger/tilbakemeldinger/<uuid:pk>/", editing.handle_feedback, name="handle_feedback"),
    path("rediger/versjoner/<int:number>/vold/", gate.old_gate, name="old_gate"),
    path("rediger/versjoner/<int:number>/barnevernet/", gate.old_report, name="old_report"),
    path("rediger/vis/vold/", gate.preview_gate, name="preview_gate"),
    path("rediger/vis/barnevernet/", gate.preview_report, name="preview_report"),
    path("rediger/vis/<step_key:step_key>/", editing.preview, name="preview"),
    path("rediger/vis/verktoy/<slug:slug>.pdf", editing.preview_tool, name="preview_tool"),
    path("rediger/vis/tema/<slug:slug>/", editing.preview_theme, name="preview_theme"),
    path("rediger/<slug:kind>/<uuid:pk>/", editing.edit_row, name="edit_row"),
    path("<step_key:step_key>/", reading.step, name="step"),
]
