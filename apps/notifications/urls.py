from django.urls import path

from apps.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("<uuid:pk>/", views.open_notice, name="open"),
    path("lest/", views.mark_read, name="mark_read"),
    path("valg/", views.preference, name="preference"),
    path("utsending/", views.deliveries, name="deliveries"),
    path("utsending/<int:pk>/igjen/", views.retry, name="retry"),
]
