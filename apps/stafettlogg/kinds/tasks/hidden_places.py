"""What must be done when what is new is hidden from a guardian (safety.md S34). No title says that anything is."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.enums import Concerns
from apps.notifications.kinds import Ladder, TaskKind, Words
from apps.stafettlogg.kinds import still
from apps.stafettlogg.rules.hidden_places import DAYS_BEFORE
from apps.stafettlogg.selectors.tasks import hidden_places

LEADER = frozenset({Concerns.LEADER})
HIDDEN_PLACES = [
    TaskKind(
        "place_hidden",
        _("Noe du har satt i gang, går snart ut"),
        still.holds_log,
        urgent=True,
        selector=hidden_places.ending,
        words=Words(
            _("Avgjør hva som skal skje for %(name)s"),
            _("Det nye er skjult for en foresatt. Forleng, avslutt, eller be lederen om å sperre."),
            "padlock",
        ),
        ladder=Ladder(DAYS_BEFORE),
    ),
    TaskKind(
        "place_hidden_confirm",
        "",
        selector=hidden_places.to_confirm,
        words=Words(
            _("Bekreft det stafettholderen har skjult for %(name)s"),
            _("Det nye er skjult for en foresatt, fordi noen kan være i fare."),
            "sign",
        ),
        concerns=LEADER,
    ),
    TaskKind(
        "place_hidden_late",
        _("Noe du må bestemme, er gått over tiden"),
        still.leads_log,
        urgent=True,
        selector=hidden_places.late,
        words=Words(
            _("Bestem hva som skal skje for %(name)s"),
            _("Dagene er ute. Ingenting blir vist før du har sperret, eller noen har avsluttet."),
            "padlock",
        ),
        concerns=LEADER,
    ),
]
