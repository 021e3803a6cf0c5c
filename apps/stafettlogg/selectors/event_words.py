"""The sentence of each kind of event. Whole sentences with the placeholders name, unit and level."""

from django.utils.translation import gettext_lazy as _

from apps.stafettlogg.enums import ConsentScope, EventKind, GoalStatus, MeasureStatus
from apps.stafettlogg.models import LogEvent

_SENTENCES = {
    EventKind.REQUESTED: _("%(name)s ba om stafettlogg"),
    EventKind.ASKED: _("%(name)s spurte om samtykke"),
    EventKind.ANSWERED: _("%(name)s svarte på spørsmålet om samtykke"),
    EventKind.OPENED: _("Stafettloggen er åpnet"),
    EventKind.SHARING_OPENED: _("%(unit)s kan lese stafettloggen"),
    EventKind.SHARING_STOPPED: _("%(unit)s kan ikke lese stafettloggen lenger"),
    EventKind.INVITED: _("%(name)s inviterte %(unit)s"),
    EventKind.JOINED: _("%(name)s er med i stafettloggen"),
    EventKind.LEFT: _("%(name)s er ikke lenger med"),
    EventKind.LET_IN: _("%(name)s endret hvem hjemme som kan lese"),
    EventKind.GOAL: _("%(name)s la til et mål"),
    EventKind.MEASURE: _("%(name)s la til et tiltak"),
    EventKind.MEASURE_CHANGED: _("%(name)s endret et tiltak"),
    EventKind.GOAL_TAKEN_BACK: _("%(name)s angret, og tok bort et mål"),
    EventKind.MEASURE_TAKEN_BACK: _("%(name)s angret, og tok bort et tiltak"),
    EventKind.VOICE: _("%(name)s skrev ned det barnet fortalte"),
    EventKind.EVALUATED: _("Evaluering på nivå %(level)s"),
    EventKind.LEVEL: _("Nivået er nå %(level)s"),
    EventKind.MESSAGE: _("Beskjed fra %(name)s"),
    EventKind.HANDOVER_OFFERED: _("%(name)s tilbød stafettpinnen til en annen"),
    EventKind.HANDED_OVER: _("%(name)s tok imot stafettpinnen"),
    EventKind.DEPUTY: _("%(name)s er vikar for stafettholderen"),
    EventKind.CLOSING_ASKED: _("%(name)s ba om å avslutte stafettloggen"),
    EventKind.CLOSING_UNDONE: _("%(name)s angret avslutningen"),
    EventKind.CLOSED: _("%(name)s avsluttet stafettloggen"),
}
# Read by the family: never in levels.
_FOR_FAMILY = {
    EventKind.EVALUATED: _("Vi så på hva som har virket"),
    EventKind.LEVEL: _("Vi har sett på hvor mange som skal hjelpe"),
}
# When nobody in particular did it, or only the municipality's own clock.
_WITHOUT_NAME = {
    EventKind.ASKED: _("Vi spurte om samtykke"),
    EventKind.INVITED: _("%(unit)s er invitert"),
    EventKind.LEFT: _("%(unit)s er ikke lenger med"),
    EventKind.HANDED_OVER: _("Stafettpinnen har fått en ny holder"),
    EventKind.CLOSED: _("Stafettloggen er avsluttet"),
}
_GOAL_STATUS = {
    GoalStatus.OPEN: _("%(name)s åpnet et mål igjen"),
    GoalStatus.REACHED: _("Et mål er nådd"),
    GoalStatus.DROPPED: _("Et mål er ikke lenger aktuelt"),
}
_MEASURE_STATUS = {
    MeasureStatus.NOT_STARTED: _("%(name)s satte et tiltak tilbake til «Ikke startet»"),
    MeasureStatus.ONGOING: _("%(name)s startet et tiltak"),
    MeasureStatus.DONE: _("Et tiltak er fullført"),
    MeasureStatus.STOPPED: _("Et tiltak er avsluttet"),
}
_OPENED_FOR_OWN = _("%(unit)s kan lese sine egne tiltak")
_ANSWERED_FOR = _("%(who)s svarte på spørsmålet om samtykke (skrevet inn av %(name)s)")
TONES = {EventKind.VOICE: "voice", EventKind.HANDED_OVER: "baton"}


def is_for_another(event: LogEvent) -> bool:
    """Whether an employee wrote down what a guardian or the youth has answered."""
    return event.actor is not None and event.actor.is_employee and (event.guardian_id is not None or event.about_youth)


def sentence(event: LogEvent, *, family: bool) -> str:
    """The sentence as staff or the `family` read it, still with its placeholders.

    Goals and measures with a `number` say which status they got, a sharing that opened how much of the log it is for.
    """
    if family and event.kind in _FOR_FAMILY:
        return str(_FOR_FAMILY[event.kind])
    if event.number is not None and event.kind == EventKind.GOAL:
        return str(_GOAL_STATUS[GoalStatus.values[event.number]])
    if event.number is not None and event.kind == EventKind.MEASURE_CHANGED:
        return str(_MEASURE_STATUS[MeasureStatus.values[event.number]])
    if event.kind == EventKind.SHARING_OPENED and event.number == ConsentScope.values.index(ConsentScope.MEASURES):
        return str(_OPENED_FOR_OWN)
    if event.kind == EventKind.ANSWERED and is_for_another(event):
        return str(_ANSWERED_FOR)
    if event.actor_id is None and event.kind in _WITHOUT_NAME:
        return str(_WITHOUT_NAME[event.kind])
    if event.kind not in _SENTENCES:
        return event.get_kind_display()
    return str(_SENTENCES[event.kind])
