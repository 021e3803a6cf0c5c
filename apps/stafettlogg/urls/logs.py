from django.urls import path

from apps.stafettlogg.views import evaluations, levels, log_list, logs, reads, voices

urlpatterns = [
    path("logger/", log_list.log_list, name="list"),
    path("logger/<uuid:pk>/", logs.log_detail, name="detail"),
    path("logger/<uuid:pk>/begrunnelse/", logs.log_reason, name="reason"),
    path("logger/<uuid:pk>/historikk/", logs.log_history, name="history"),
    path("logger/<uuid:pk>/stemme/", voices.log_voice, name="voice"),
    path("logger/<uuid:pk>/evaluer/", evaluations.log_evaluate, name="evaluate"),
    path("logger/<uuid:pk>/niva/", levels.decide_level, name="decide_level"),
    path("logger/<uuid:pk>/sett/", reads.log_seen, name="seen"),
]
