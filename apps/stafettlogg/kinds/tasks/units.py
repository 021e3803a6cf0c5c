"""What the coordinator must do so that no log is without someone to take over."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.enums import Concerns
from apps.notifications.kinds import TaskKind, Words
from apps.stafettlogg.kinds import still
from apps.stafettlogg.selectors.tasks import units

UNITS = [
    TaskKind(
        "unit_without_leader",
        _("En enhet med stafettlogger har ingen leder"),
        still.coordinates,
        urgent=True,
        selector=units.units_without_leader,
        words=Words(
            _("%(detail)s har ingen leder"),
            _("Enheten har stafettlogger. Gi noen der eller i en enhet over rollen som leder."),
            "person-leader",
        ),
        concerns=frozenset({Concerns.COORDINATOR}),
    ),
]
