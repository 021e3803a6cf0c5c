from django.apps import AppConfig


class StafettloggConfig(AppConfig):
    name = "apps.stafettlogg"
    label = "stafettlogg"

    def ready(self) -> None:
        from apps.notifications.kinds import register, register_namer  # noqa: PLC0415 -- models are loaded first
        from apps.stafettlogg.kinds.notices import NOTICE_KINDS  # noqa: PLC0415 -- models are loaded first
        from apps.stafettlogg.kinds.tasks import TASK_KINDS  # noqa: PLC0415 -- models are loaded first
        from apps.stafettlogg.services.notice_names import name_logs  # noqa: PLC0415 -- models are loaded first

        for kind in [*NOTICE_KINDS, *TASK_KINDS]:
            register(kind)
        register_namer(name_logs)
