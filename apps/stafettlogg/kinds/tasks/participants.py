"""What must be done about requests, invitations and the stafettpinne."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.enums import Concerns
from apps.notifications.kinds import Ladder, TaskKind, Words
from apps.stafettlogg.kinds import still
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.rules import reminders as rules
from apps.stafettlogg.selectors.tasks import deputies, handovers, participants, requests

STAFF_AND_LEADER = frozenset({Concerns.STAFF, Concerns.LEADER})
_NO_ANSWER = Ladder(handover_rules.REMINDER_DAYS, after=True)
PARTICIPANTS = [
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
            _("Noen andre har kanskje spurt om %(name)s"),
            _("Avgjør sammen med familien om de skal inviteres."),
            "people",
        ),
    ),
    TaskKind(
        "invitation_waiting",
        _("Noen venter på at du blir med"),
        still.is_invited,
        selector=participants.invitations,
        words=Words(
            _("Svar på om du blir med i stafettloggen for %(name)s"),
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
        _("Ingen har svart på tilbudet om stafettpinnen ennå"),
        still.holds_log,
        selector=handovers.offers_unanswered,
        words=Words(
            _("Ingen har svart på tilbudet om stafettpinnen for %(name)s"),
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
            _("Familien får bare vite at det er en vikar."),
            "person-add",
        ),
    ),
    TaskKind(
        "deputy_ahead",
        "",
        selector=deputies.deputies_ahead,
        words=Words(
            _("Du blir vikar for stafettholderen til %(name)s"),
            _("%(detail)s. Du leser stafettloggen fra den første dagen."),
            "person-add",
        ),
    ),
]
