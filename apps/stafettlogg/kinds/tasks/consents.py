"""What must be done about consents, by those who hold the log and by the family."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.enums import Concerns, Group
from apps.notifications.kinds import Ladder, TaskKind, Words
from apps.stafettlogg.kinds import still
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import reminders as rules
from apps.stafettlogg.selectors.tasks import consents, exceptions, letters, links, windows

LEADER = frozenset({Concerns.LEADER})
FAMILY = frozenset({Concerns.FAMILY})
_BEFORE_EXPIRY = Ladder(consent_rules.REMINDER_DAYS_BEFORE_EXPIRY)
CONSENTS = [
    TaskKind(
        "consent_unanswered",
        _("Noen har ikke svart. Ring dem"),
        still.holds_log,
        selector=consents.unanswered,
        words=Words(
            _("Ring familien til %(name)s om samtykke"), _("Ikke alle har svart. Vi deler ingenting ennå."), "phone"
        ),
    ),
    TaskKind(
        "consent_out",
        "",
        selector=consents.consents_out,
        words=Words(_("Familien til %(name)s svarer om samtykke"), _("Spurt om: %(detail)s."), "hourglass"),
        words_here=Words(_("Samtykke til %(detail)s"), _("Ikke alle har svart. Vi deler ingenting ennå."), "hourglass"),
    ),
    TaskKind(
        "answer_on_paper",
        "",
        selector=consents.answers_on_paper,
        words=Words(
            _("Hent svaret om %(name)s på papir"),
            _("%(detail)s svarer på papir eller i et møte. Skriv svaret inn når du har fått det."),
            "printer",
        ),
    ),
    TaskKind(
        "interpreter",
        "",
        selector=consents.interpreters,
        words=Words(
            _("Avtal tolk for familien til %(name)s"),
            _("%(detail)s trenger tolk før det er mulig å svare."),
            "people",
        ),
    ),
    TaskKind(
        "letter_to_send",
        "",
        selector=letters.letters,
        words=Words(
            _("Send brev til %(detail)s"),
            _("%(detail)s vil ha brev i stedet for e-post. Brevet sier bare at det er noe nytt i portalen."),
            "envelope",
        ),
    ),
    TaskKind(
        "limits_to_read",
        "",
        selector=consents.limits_to_read,
        words=Words(
            _("Les hva familien til %(name)s ikke vil dele"),
            _("Delingen åpner når du har krysset av for at det er lest og fulgt."),
            "padlock",
        ),
        words_here=Words(
            _("Les hva familien ikke vil dele"),
            _("Delingen åpner når du har krysset av for at det er lest og fulgt."),
            "padlock",
        ),
    ),
    TaskKind(
        "code_to_confirm",
        "",
        selector=links.codes_to_confirm,
        words=Words(
            _("Bekreft hvem som har brukt koden for %(name)s"),
            _("Den som har brukt koden, kommer ikke inn før du har bekreftet at det er riktig person."),
            "person",
        ),
    ),
    TaskKind(
        "exception_letter",
        "",
        selector=exceptions.letters,
        words=Words(
            _("Send brevet om unntaket for %(name)s"),
            _("En foresatt skal få vite at vi ikke venter på svaret. Skriv ut brevet, og kryss av når det er sendt."),
            "envelope",
        ),
    ),
    TaskKind(
        "consent_reminder",
        _("Du har et spørsmål som venter på svar"),
        still.is_asked,
        selector=consents.questions_to_answer,
        words=Words(
            _("Svar på spørsmålet om %(name)s"), _("Du kan si ja eller nei. Det tar omtrent fem minutter."), "pencil"
        ),
        concerns=FAMILY,
    ),
    TaskKind(
        "consent_expiring_own",
        _("Samtykket ditt går snart ut. Du trenger ikke gjøre noe"),
        still.reads_open_log,
        Group.MESSAGE,
        selector=consents.own_expiring,
        words=Words(
            _("Samtykket ditt for %(name)s gjelder til %(detail)s"),
            _(
                "Du trenger ikke gjøre noe. Stafettholderen spør deg igjen. Gjør ikke stafettholderen det, slutter vi "
                "å dele."
            ),
            "hourglass",
        ),
        concerns=FAMILY,
        is_reminder=False,
    ),
    TaskKind(
        "consent_expiring",
        _("Et samtykke går snart ut"),
        still.reads_open_log,
        selector=windows.expiring,
        words=Words(
            _("Samtykket for %(name)s går snart ut"), _("Spør familien på nytt, eller stopp delingen."), "hourglass"
        ),
        ladder=_BEFORE_EXPIRY,
    ),
    TaskKind(
        "consent_expired",
        _("Et samtykke er gått ut"),
        still.holds_log,
        urgent=True,
        selector=windows.expired,
        words=Words(
            _("Samtykket for %(name)s er gått ut"), _("%(detail)s kan ikke lese stafettloggen lenger."), "hourglass"
        ),
    ),
    TaskKind(
        "consent_expired_leader",
        _("Et samtykke i enheten er gått ut"),
        still.leads_log,
        selector=windows.expired_for_leaders,
        words=Words(
            _("Samtykket for %(name)s er gått ut"), _("%(detail)s kan ikke lese stafettloggen lenger."), "hourglass"
        ),
        concerns=LEADER,
    ),
    TaskKind(
        "shell_ending",
        _("En stafettlogg blir snart avsluttet"),
        still.holds_log,
        selector=windows.shells,
        words=Words(
            _("Ingenting deles om %(name)s nå"),
            _("Be om nytt samtykke, eller avslutt. Gjør du ingenting, avslutter portalen stafettloggen."),
            "hourglass",
        ),
        ladder=Ladder(rules.SHELL_DAYS_BEFORE),
    ),
    TaskKind(
        "service_to_invite",
        "",
        selector=windows.services_to_invite,
        words=Words(
            _("Inviter %(detail)s rundt %(name)s"), _("Familien har sagt ja til at dere samarbeider."), "people"
        ),
    ),
]
