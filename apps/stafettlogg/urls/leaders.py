from django.urls import path

from apps.stafettlogg.views import leaders

urlpatterns = [
    path("leder/", leaders.unit_page, name="leader"),
    path("logger/<uuid:pk>/apne/", leaders.open_with_reason, name="open_with_reason"),
]
