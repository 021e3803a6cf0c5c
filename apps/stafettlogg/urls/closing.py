from django.urls import path

from apps.stafettlogg.views import closing

urlpatterns = [
    path("logger/<uuid:pk>/avslutt/", closing.close, name="close"),
    path("logger/<uuid:pk>/avslutt/stille/", closing.close_quietly, name="close_quietly"),
    path("logger/<uuid:pk>/sammendrag.pdf", closing.summary_pdf, name="summary_pdf"),
]
