from django.urls import path

from apps.stafettlogg.views import units

urlpatterns = [
    path("innstillinger/enheter/<uuid:pk>/legg-ned/", units.close_unit, name="close_unit"),
    path("innstillinger/enheter/<uuid:pk>/apne-igjen/", units.reopen_unit, name="reopen_unit"),
    path("innstillinger/enheter/<uuid:pk>/lagt-ned/", units.unit_closed, name="unit_closed"),
]
