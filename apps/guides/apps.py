from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidesConfig(AppConfig):
    name = "apps.guides"
    label = "guides"

    def ready(self) -> None:
        from apps.guides.selectors import readiness as points  # noqa: PLC0415 -- models are loaded first
        from apps.municipality.enums import ReadinessGroup, Right  # noqa: PLC0415 -- models are loaded first
        from apps.municipality.selectors.readiness import (  # noqa: PLC0415 -- models are loaded first
            ReadinessCheck,
            Word,
            register,
        )

        register(
            ReadinessCheck(
                "lover",
                ReadinessGroup.TEXTS,
                _("Lovhenvisningene er gjennomgått"),
                _("Skriv hvem som gikk gjennom hver av dem, og når, og publiser veilederen."),
                standing=points.laws,
                url_name="guides:editor",
            )
        )
        register(
            ReadinessCheck(
                "fare-for-liv",
                ReadinessGroup.TEXTS,
                _("En fagperson har godkjent ordene om fare for liv"),
                _("Be en lege eller en fagperson fra BUP lese sidene om fare. Skriv hvem det var."),
                word=Word(
                    frozenset({Right.COORDINATOR.value}),
                    _("Fagpersonen har lest sidene om fare for liv og godkjent ordene"),
                    about=points.gate_edition,
                ),
            )
        )
