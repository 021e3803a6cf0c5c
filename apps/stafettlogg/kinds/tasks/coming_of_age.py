"""What must be done before a youth is 18 (safety.md S10, S35)."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import Ladder, TaskKind, Words
from apps.stafettlogg.kinds import still
from apps.stafettlogg.rules.consents import DAYS_BEFORE_ADULT
from apps.stafettlogg.selectors.tasks import coming_of_age

COMING_OF_AGE = [
    TaskKind(
        "adult_soon",
        _("En ungdom du følger, fyller snart 18 år"),
        still.holds_log,
        selector=coming_of_age.adult_soon,
        words=Words(
            _("%(name)s fyller 18 år %(detail)s"),
            _(
                "Da svarer %(name)s selv, og foresatte leser ikke lenger. Snakk om det nå, og finn ut om noen skal "
                "hjelpe."
            ),
            "calendar",
        ),
        ladder=Ladder(DAYS_BEFORE_ADULT),
    ),
]
