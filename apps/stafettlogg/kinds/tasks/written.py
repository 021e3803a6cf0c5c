"""What must be done about what is written in a log: plan, evaluations, the child's voice, drafts."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.enums import Concerns
from apps.notifications.kinds import TaskKind, Words
from apps.stafettlogg.kinds import still
from apps.stafettlogg.selectors.tasks import drafts, evaluations, logs, messages, plan, voices

EVERYONE = frozenset({Concerns.STAFF, Concerns.FAMILY})
_EVALUATE = Words(
    _("Evaluer tiltakene for %(name)s"), _("Avtal tid med familien, og hvem som snakker med barnet."), "clock"
)
_EVALUATE_HERE = Words(
    _("Evaluer tiltakene på nivå %(level)s"), _("Det tar omtrent ti minutter i møtet med familien."), "arrows-circle"
)
_FOLLOW = Words(_("Følg opp tiltaket for %(name)s"), "%(detail)s", "clock")
_MEASURE_HERE = Words("%(detail)s", "%(note)s", "clock")


WRITTEN = [
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
        "correction",
        _("Noen har bedt om å få noe rettet"),
        still.holds_log,
        selector=messages.corrections,
        words=Words(
            _("Svar på ønsket om å få noe rettet for %(name)s"),
            _("Rett det som er feil, eller forklar hvorfor det skal stå. Svar den som har bedt om det."),
            "pencil",
        ),
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
        _("Evalueringen er forsinket"),
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
        words=Words(_("Du har et utkast: %(detail)s"), "", "pencil"),
        concerns=EVERYONE,
    ),
]
