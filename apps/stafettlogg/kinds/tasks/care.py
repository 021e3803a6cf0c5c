"""What must be done about who has the care of a child (safety.md S36). No title says that child welfare has it."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import Ladder, TaskKind, Words
from apps.stafettlogg.kinds import still
from apps.stafettlogg.rules.care import DAYS_BEFORE
from apps.stafettlogg.selectors.tasks import care

CARE = [
    TaskKind(
        "care_ending",
        _("Et vedtak går snart ut"),
        still.holds_log,
        selector=care.ending,
        words=Words(
            _("Se hva som skjer med omsorgen for %(name)s"),
            _("Vedtaket går ut. Avslutt det når omsorgen er gitt tilbake, eller skriv inn det nye."),
            "law",
        ),
        ladder=Ladder(DAYS_BEFORE),
    ),
]
