"""What must be done when someone in the family has asked to end the log."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.enums import Concerns
from apps.notifications.kinds import TaskKind, Words
from apps.stafettlogg.kinds import still
from apps.stafettlogg.selectors.tasks import family_closing

FAMILY_CLOSING = [
    TaskKind(
        "closing_call",
        _("Ring en i familien som har bedt om å avslutte"),
        still.holds_log,
        selector=family_closing.calls,
        words=Words(
            _("Ring %(detail)s"), _("Familien til %(name)s har bedt om å avslutte. Se når du skal ringe."), "phone"
        ),
    ),
    TaskKind(
        "closing_sign",
        "",
        selector=family_closing.to_sign,
        words=Words(
            _("Lukk stafettloggen for %(name)s nå"), _("Stafettholderen ber om det, etter ønske fra familien."), "sign"
        ),
        concerns=frozenset({Concerns.LEADER}),
    ),
]
