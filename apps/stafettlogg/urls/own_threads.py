from django.urls import path

from apps.stafettlogg.views import own_threads

urlpatterns = [
    path("samtaler/", own_threads.own_threads, name="own_threads"),
    path("samtaler/<uuid:thread_id>/", own_threads.own_thread, name="own_thread"),
]
