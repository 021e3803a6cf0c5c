from django.apps import AppConfig


class StafettloggConfig(AppConfig):
    name = "apps.stafettlogg"
    label = "stafettlogg"
