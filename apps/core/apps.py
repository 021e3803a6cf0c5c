from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    name = "apps.core"
    verbose_name = "Grunnmur"

    def ready(self) -> None:
        from apps.core import checks, collation, sessions  # noqa: F401, PLC0415 -- the app registry must be ready first

        connection_created.connect(collation.add_to_connection, dispatch_uid="core.collation")
        user_logged_in.connect(sessions.start_clocks, dispatch_uid="core.sessions")
