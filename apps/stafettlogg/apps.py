from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StafettloggConfig(AppConfig):
    name = "apps.stafettlogg"
    label = "stafettlogg"

    def ready(self) -> None:
        from apps.municipality.enums import ReadinessGroup  # noqa: PLC0415 -- models are loaded first
        from apps.municipality.selectors import readiness  # noqa: PLC0415 -- models are loaded first
        from apps.notifications.kinds import register, register_namer  # noqa: PLC0415 -- models are loaded first
        from apps.stafettlogg.kinds.notices import NOTICE_KINDS  # noqa: PLC0415 -- models are loaded first
        from apps.stafettlogg.kinds.tasks import TASK_KINDS  # noqa: PLC0415 -- models are loaded first
        from apps.stafettlogg.selectors import texts  # noqa: PLC0415 -- models are loaded first
        from apps.stafettlogg.services.notice_names import name_logs  # noqa: PLC0415 -- models are loaded first

        for kind in [*NOTICE_KINDS, *TASK_KINDS]:
            register(kind)
        register_namer(name_logs)
        readiness.register(
            readiness.ReadinessCheck(
                "tekster",
                ReadinessGroup.TEXTS,
                _("Tekstene om samtykke er godkjent"),
                standing=texts.readiness,
                url_name="stafettlogg:texts",
            )
        )
