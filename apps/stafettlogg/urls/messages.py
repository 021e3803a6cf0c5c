from django.urls import path

from apps.stafettlogg.views import messages

urlpatterns = [path("logger/<uuid:pk>/beskjeder/", messages.log_messages, name="messages")]
