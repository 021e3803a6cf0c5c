from django.urls import path

from apps.stafettlogg.views import texts

urlpatterns = [
    path("tekster/", texts.texts, name="texts"),
    path("tekster/<slug:key>/", texts.text, name="text"),
    path("tekster/<slug:key>/utkast/", texts.text_draft, name="text_draft"),
    path("tekster/<slug:key>/forkast/", texts.text_discard, name="text_discard"),
]
