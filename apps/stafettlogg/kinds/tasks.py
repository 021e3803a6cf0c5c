"""What people must do in logs. Each kind says what it is called, who can have it and which selector finds it.

A new reminder is one kind here and one selector in `selectors/tasks`. A title without name or subject (S22) makes it a
notice and an e-mail; without one it stands on pages alone.
"""

from django.utils.translation import gettext_lazy as _

from apps.notifications.enums import Concerns
from apps.notifications.kinds import Ladder, TaskKind, Words
from apps.stafettlogg.kinds import still
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.rules import reminders as rules
from apps.stafettlogg.selectors.tasks import (
    consents,
    deputies,
    drafts,
    evaluations,
    exceptions,
    handovers,
    logs,
    participants,
    plan,
    requests,
    voices,
    windows,
    wishes,
)

LEADER = frozenset({Concerns.LEADER})
STAFF_AND_LEADER = frozenset({Concerns.STAFF, Concerns.LEADER})
FAMILY = frozenset({Concerns.FAMILY})
EVERYONE = frozenset({Concerns.STAFF, Concerns.FAMILY})
_BEFORE_EXPIRY = Ladder(consent_rules.REMINDER_DAYS_BEFORE_EXPIRY)
_NO_ANSWER = Ladder(handover_rules.REMINDER_DAYS, after=True)
_EVALUATE = Words(
    _("Evaluer tiltakene for %(name)s"), _("Avtal tid med familien, og hvem som snakker med barnet."), "clock"
)
_EVALUATE_HERE = Words(
    _("Evaluer tiltakene på nivå %(level)s"), _("Det tar omtrent ti minutter i møtet med familien."), "arrows-circle"
)
_FOLLOW = Words(_("Følg opp tiltaket for %(name)s"), "%(detail)s", "clock")
_MEASURE_HERE = Words("%(detail)s", "%(note)s", "clock")

# What is written in a log
_WRITTEN = [
    TaskKind(
        "measure_due",
        _("Du har et tiltak med frist"),
        still.reads_open_log,
        selector=plan.measures_due,
        words=_FOLLOW,
        words_here=_MEASURE_HERE,
        concerns=EVERYONE,
    ),
    TaskKind(
        "measure_overdue",
        _("Fristen for et tiltak er ute"),
        still.reads_open_log,
        selector=plan.measures_overdue,
        words=_FOLLOW,
        words_here=_MEASURE_HERE,
        concerns=EVERYONE,
    ),
    TaskKind(
        "measure_ahead",
        "",
        selector=plan.measures_ahead,
        words=Words(_("Tiltaket ditt for %(name)s"), "%(detail)s", "clock"),
        words_here=_MEASURE_HERE,
        concerns=EVERYONE,
    ),
    TaskKind(
        "plan_missing",
        "",
        selector=plan.plan_missing,
        words=Words(
            _("Bli enige om mål og tiltak for %(name)s"),
            _("Gjør det i det første møtet, sammen med familien."),
            "tasks-start",
        ),
        words_here=Words(
            _("Bli enige om mål og tiltak"), _("Gjør det i det første møtet, sammen med familien."), "tasks-start"
        ),
    ),
    TaskKind(
        "reason_missing",
        "",
        selector=logs.reason_missing,
        words=Words(
            _("Skriv hvorfor stafettloggen for %(name)s er åpnet"),
            _("Skriv det sammen med familien. De leser det du skriver."),
            "pencil",
        ),
        words_here=Words(
            _("Skriv hvorfor stafettloggen er åpnet"),
            _("Skriv det sammen med familien. De leser det du skriver."),
            "pencil",
        ),
    ),
    TaskKind(
        "evaluation_due",
        _("Det er snart tid for å evaluere"),
        still.holds_log,
        selector=evaluations.evaluations_due,
        words=_EVALUATE,
        words_here=_EVALUATE_HERE,
    ),
    TaskKind(
        "evaluation_overdue",
        _("Dagen for å evaluere er passert"),
        still.holds_log,
        selector=evaluations.evaluations_overdue,
        words=Words(
            _("Evaluer tiltakene for %(name)s"), _("Familien venter på et nytt møte. Avtal tid med dem."), "clock"
        ),
        words_here=_EVALUATE_HERE,
    ),
    TaskKind(
        "evaluation_ahead",
        "",
        selector=evaluations.evaluation_ahead,
        words=Words(_("Neste dato: evaluer tiltakene for %(name)s"), "", "calendar"),
        words_here=_EVALUATE_HERE,
    ),
    TaskKind(
        "voice_missing",
        "",
        selector=voices.voice_missing,
        words=Words(
            _("Avtal hvem som snakker med %(name)s"), _("Barnets syn skal være med når dere evaluerer."), "child"
        ),
    ),
    TaskKind(
        "to_close",
        "",
        selector=evaluations.to_close,
        words=Words(
            _("Avslutt stafettloggen for %(name)s"),
            _("Dere har evaluert og blitt enige om å avslutte."),
            "checkmark",
        ),
        words_here=Words(_("Avslutt stafettloggen"), _("Dere har evaluert og blitt enige om å avslutte."), "checkmark"),
    ),
    TaskKind(
        "draft",
        "",
        selector=drafts.drafts,
        words=Words(_("Gjør ferdig det du begynte å skrive"), "%(detail)s", "pencil"),
        concerns=EVERYONE,
    ),
]

# Consents, for those who hold the log and for the family
_CONSENTS = [
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
            _("Avtal tolk for familien til %(name)s"), _("%(detail)s trenger tolk før det er mulig å svare."), "people"
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
        _("Et samtykke går snart ut"),
        still.reads_open_log,
        selector=consents.own_expiring,
        words=Words(
            _("Samtykket ditt for %(name)s går snart ut"),
            _("Stafettholderen spør deg på nytt hvis delingen skal fortsette."),
            "hourglass",
        ),
        concerns=FAMILY,
        ladder=_BEFORE_EXPIRY,
    ),
    TaskKind(
        "consent_expiring",
        _("Et samtykke går snart ut"),
        still.reads_open_log,
        selector=windows.expiring,
        words=Words(
            _("Samtykket for %(name)s går snart ut"), _("Spør familien på nytt, eller avslutt delingen."), "hourglass"
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
            _("Be om nytt samtykke, eller avslutt. Gjør du ingenting, avsluttes stafettloggen."),
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

# Requests, participants and the stafettpinne
_AROUND = [
    TaskKind(
        "request_ending",
        _("En forespørsel blir snart fjernet"),
        still.holds_log,
        selector=requests.requests_ending,
        words=Words(
            _("Forespørselen om %(name)s blir snart fjernet"),
            _("Familien har ikke svart. Snakk med dem før fristen."),
            "hourglass",
        ),
    ),
    TaskKind(
        "repeat_to_follow",
        "",
        selector=requests.repeats,
        words=Words(
            _("Noen andre har spurt om %(name)s"), _("Avgjør sammen med familien om de skal inviteres."), "people"
        ),
    ),
    TaskKind(
        "invitation_waiting",
        _("Noen venter på at du blir med"),
        still.is_invited,
        selector=participants.invitations,
        words=Words(
            _("Svar på om du blir med rundt %(name)s"),
            _("%(detail)s er invitert, og familien har samtykket."),
            "people",
        ),
        concerns=STAFF_AND_LEADER,
        ladder=Ladder(rules.INVITATION_DAYS, after=True),
    ),
    TaskKind(
        "invitation_out",
        "",
        selector=participants.invitations_out,
        words=Words(_("%(detail)s er invitert rundt %(name)s"), _("De har ikke svart ennå."), "people"),
    ),
    TaskKind(
        "handover_waiting",
        _("Noen venter på at du svarer om stafettpinnen"),
        still.is_offered,
        selector=handovers.offers,
        words=Words(
            _("Svar på om du tar imot stafettpinnen for %(name)s"),
            _("Den som har pinnen nå, beholder den til du har svart."),
            "handshake",
        ),
        concerns=STAFF_AND_LEADER,
        ladder=_NO_ANSWER,
    ),
    TaskKind(
        "handover_out",
        "",
        selector=handovers.offers_out,
        words=Words(
            _("%(detail)s er spurt om å ta over stafettpinnen for %(name)s"),
            _("Du har den til de har svart."),
            "handshake",
        ),
    ),
    TaskKind(
        "handover_unanswered",
        _("Ingen har svart på stafettpinnen ennå"),
        still.holds_log,
        selector=handovers.offers_unanswered,
        words=Words(
            _("Ingen har svart på stafettpinnen for %(name)s"),
            _("Du har den fortsatt. Ring dem, eller spør en annen."),
            "handshake",
        ),
    ),
    TaskKind(
        "still_to_appoint",
        _("Du har fortsatt en stafettpinne å gi videre"),
        still.holds_log,
        selector=handovers.to_appoint,
        words=Words(
            _("Velg ny stafettholder for %(name)s"),
            _("Stafettpinnen kom til deg fordi ingen andre hadde den."),
            "baton",
        ),
        concerns=STAFF_AND_LEADER,
        ladder=_NO_ANSWER,
    ),
    TaskKind(
        "deputy_waiting",
        _("Noen venter på om du kan være vikar"),
        still.is_deputy_asked,
        selector=deputies.deputies_asked,
        words=Words(
            _("Svar på om du kan være vikar for %(name)s"),
            _("Foreldrene får bare vite at det er en vikar."),
            "person-add",
        ),
    ),
]

# For leaders
_LED = [
    TaskKind(
        "holder_absent",
        _("En stafettholder er borte"),
        still.leads_log,
        selector=deputies.absent_holders,
        words=Words(
            _("Stafettholderen for %(name)s er borte"),
            _("Borte fra og med %(detail)s. Velg en vikar, så familien har noen å snakke med."),
            "person",
        ),
        concerns=LEADER,
    ),
    TaskKind(
        "to_sign",
        "",
        selector=exceptions.to_sign,
        words=Words(
            _("Signer eller avslå for %(name)s"), _("Stafettholderen ber om unntak fra hvem som må svare."), "sign"
        ),
        concerns=LEADER,
    ),
    TaskKind(
        "wish",
        "",
        selector=wishes.wishes,
        words=Words(_("En familie ber om stafettlogg"), _("De har skrevet til %(detail)s. Svar dem."), "envelope"),
        concerns=LEADER,
    ),
]

TASK_KINDS = [*_WRITTEN, *_CONSENTS, *_AROUND, *_LED]
