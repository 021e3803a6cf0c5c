"""What leaders must do."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.enums import Concerns
from apps.notifications.kinds import Ladder, TaskKind, Words
from apps.stafettlogg.kinds import still
from apps.stafettlogg.selectors.tasks import deputies, exceptions, links, wishes

LEADER = frozenset({Concerns.LEADER})
LEADERS = [
    TaskKind(
        "holder_absent",
        _("En stafettholder trenger en vikar"),
        still.leads_log,
        selector=deputies.absent_holders,
        words=Words(
            _("Velg vikar for stafettholderen til %(name)s"),
            _("Borte fra og med %(detail)s. Familien trenger noen å snakke med."),
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
        "to_sign_second",
        "",
        selector=exceptions.to_sign_second,
        words=Words(
            _("Signer eller avslå for %(name)s"),
            _("En leder i en annen tjeneste ber deg signere sammen med seg."),
            "sign",
        ),
        concerns=LEADER,
    ),
    TaskKind(
        "exception_letter_leader",
        "",
        selector=exceptions.letters_for_leaders,
        words=Words(
            _("Se til at brevet om %(name)s blir sendt"), _("En foresatt skal få vite om unntaket."), "envelope"
        ),
        concerns=LEADER,
    ),
    TaskKind(
        "breach",
        _("Fristen for å melde et brudd på personvernet er snart ute"),
        still.leads_log,
        selector=links.breaches_to_report,
        words=Words(
            _("Meld et brudd på personvernet om %(name)s"),
            _("Noen andre har hatt tilgang som foresatt. Personvernombudet skal få vite det innen 72 timer."),
            "warning",
        ),
        concerns=LEADER,
        ladder=Ladder((1, 0)),
    ),
    TaskKind(
        "wish",
        "",
        selector=wishes.wishes,
        words=Words(_("En familie ber om stafettlogg"), _("De har skrevet til %(detail)s. Svar dem."), "envelope"),
        concerns=LEADER,
    ),
]
