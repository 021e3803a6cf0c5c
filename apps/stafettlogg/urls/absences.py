from django.urls import path

from apps.stafettlogg.views import absences

urlpatterns = [
    path("konto/borte/", absences.own, name="own_absence"),
    path("ansatte/<uuid:pk>/borte/", absences.of_another, name="absence"),
    path("borte/<uuid:pk>/", absences.absence, name="absence_page"),
    path("borte/<uuid:pk>/ta-bort/", absences.cancel, name="absence_cancel"),
]
