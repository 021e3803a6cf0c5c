from django.apps import AppConfig


class MunicipalityConfig(AppConfig):
    name = "apps.municipality"
    label = "municipality"
