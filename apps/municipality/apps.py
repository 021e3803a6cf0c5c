from django.apps import AppConfig


class MunicipalityConfig(AppConfig):
    name = "apps.municipality"
    label = "municipality"

    def ready(self) -> None:
        from apps.municipality import adapters  # noqa: PLC0415 -- models are loaded first

        adapters.install()
