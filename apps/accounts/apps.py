from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        from apps.accounts import checks  # noqa: F401, PLC0415 -- the app registry must be ready first
        from apps.accounts.selectors import readiness as points  # noqa: PLC0415 -- models are loaded first
        from apps.municipality.enums import ReadinessGroup  # noqa: PLC0415 -- models are loaded first
        from apps.municipality.selectors.readiness import (  # noqa: PLC0415 -- models are loaded first
            ReadinessCheck,
            UnitCheck,
            register,
        )

        register(
            ReadinessCheck(
                "ledere",
                ReadinessGroup.PEOPLE,
                _("Leder i hver enhet som kan holde logger"),
                standing=points.leaders,
                url_name="accounts:people",
            )
        )
        register(
            ReadinessCheck(
                "personer",
                ReadinessGroup.OPERATION,
                _("Ingen personer eller numre fra øvingen"),
                standing=points.no_practice_people,
                url_name="accounts:people",
            )
        )
        register(UnitCheck("leder", _("Leder"), points.leader_of_units))
        register(UnitCheck(points.STAFF_LIST, _("Ansattliste"), points.staff_lists))
