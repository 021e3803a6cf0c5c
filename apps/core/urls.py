from django.urls import path

from apps.core import views

app_name = "core"
urlpatterns = [
    path("utkast/lagre/", views.save_draft, name="save_draft"),
    path("utkast/forkast/", views.discard_draft, name="discard_draft"),
    path("utkast/slett/", views.delete_draft, name="delete_draft"),
]
