from django.urls import path

from apps.stafettlogg.views import messages

urlpatterns = [
    path("logger/<uuid:pk>/beskjeder/", messages.log_messages, name="messages"),
    path("logger/<uuid:pk>/retting/<uuid:correction_id>/", messages.correction_answered, name="correction_answered"),
]
