from django.urls import path

from apps.stafettlogg.views import requests

urlpatterns = [
    path("logger/ny/", requests.log_request, name="request"),
    path("logger/ny/sendt/", requests.requests_sent, name="requests_sent"),
    path("logger/ny/kvittering/<uuid:receipt_id>/", requests.request_receipt, name="request_receipt"),
]
