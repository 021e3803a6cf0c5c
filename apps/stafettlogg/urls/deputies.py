from django.urls import path

from apps.stafettlogg.views import deputies

urlpatterns = [
    path("logger/<uuid:pk>/vikar/", deputies.new, name="deputy_new"),
    path("vikar/<uuid:pk>/", deputies.answer, name="deputy_answer"),
    path("vikar/<uuid:pk>/avslutt/", deputies.end, name="deputy_end"),
]
