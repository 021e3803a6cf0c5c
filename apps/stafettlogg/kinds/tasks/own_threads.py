"""What the holder must do about what guardians are asked of themselves (safety.md S3)."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import Ladder, TaskKind, Words
from apps.stafettlogg.kinds import still
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.selectors.tasks import own_threads

OWN_THREADS = [
    TaskKind(
        "own_unanswered",
        _("Noen har ikke svart. Ring dem"),
        still.holds_log,
        selector=own_threads.own_unanswered,
        words=Words(
            _("Ring %(detail)s om spørsmålet som gjelder bare henne eller ham"),
            _("Det har ikke noe å si for delingen av loggen. Bare dere to vet om spørsmålet."),
            "phone",
        ),
    ),
    TaskKind(
        "own_expiring",
        _("Et samtykke går snart ut"),
        still.holds_log,
        selector=own_threads.own_expiring,
        words=Words(
            _("Det %(detail)s har sagt ja til om seg selv, går snart ut"),
            _("Spør på nytt, eller la samtalen lukkes den dagen. Delingen av loggen går som før."),
            "hourglass",
        ),
        ladder=Ladder(consent_rules.REMINDER_DAYS_BEFORE_EXPIRY),
    ),
]
