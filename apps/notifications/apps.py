from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "apps.notifications"
    label = "notifications"

    def ready(self) -> None:
        """What `accounts` knows is told here: it stands before this app and cannot register."""
        from apps.notifications.kinds import STAFF_KINDS, register  # noqa: PLC0415 -- models are loaded first

        for kind in STAFF_KINDS:
            register(kind)
