from django.urls import path

from apps.stafettlogg.views import closing, closing_wishes

urlpatterns = [
    path("logger/<uuid:pk>/avslutt/", closing.close, name="close"),
    path("logger/<uuid:pk>/avslutt/stille/", closing.close_quietly, name="close_quietly"),
    path("logger/<uuid:pk>/avslutt/<uuid:wish_id>/ringt/", closing_wishes.closing_called, name="closing_called"),
    path("logger/<uuid:pk>/avslutt/be-lederen/", closing_wishes.closing_hurry, name="closing_hurry"),
    path("logger/<uuid:pk>/signer/lukk/", closing_wishes.leader_close, name="leader_close"),
    path("logger/<uuid:pk>/sammendrag.pdf", closing.summary_pdf, name="summary_pdf"),
]
