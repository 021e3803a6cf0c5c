"""What the consent flow shows: the question, the texts in force, each service, and the words one signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import add_months, end_of_day, format_long, last_day_of
from apps.core.text import LocalizedText, joined
from apps.municipality.enums import OWN_INFORMATION_KINDS, WHAT_THEY_DO, UnitKind
from apps.municipality.models import Unit
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import OPEN_STATUSES, ConsentScope, ConsentState, InvitationState
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentRequest, ConsentText, Invitation, Log
from apps.stafettlogg.rules import own_threads, purposes
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.scopes import named_with_scope, scope_words
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors.consents import Asked, OpenQuestion
from apps.stafettlogg.selectors.own_words import Refusals


def questions_in(user: User, log: Log, now: datetime) -> list[OpenQuestion]:
    """The reader's own open questions in this log, oldest first."""
    return consent_selectors.open_questions(user, now, log_ids=[log.pk])


def question_in(user: User, log: Log, request_id: UUID, now: datetime) -> OpenQuestion | None:
    return next((q for q in questions_in(user, log, now) if q.request.pk == request_id), None)


def question_to_change(user: User, log: Log, request_id: UUID, now: datetime) -> OpenQuestion | None:
    """What the reader said no to in a question that is still open: that may be answered anew. None otherwise."""
    own = Q(guardian__user=user) | Q(is_youth=True, log__child__user=user)
    found = (
        Consent.objects.filter(
            own,
            state=ConsentState.REFUSED,
            log=log,
            log__status__in=OPEN_STATUSES,
            request=request_id,
            request__cancelled_at=None,
            request__last_day__gte=timezone.localdate(now),
        )
        .select_related("request__text", "request__log__child", "request__log__unit", "unit", "guardian__child")
        .order_by("unit__name", "pk")
    )
    rows = list(found)
    return OpenQuestion(rows[0].request, rows[0].guardian, rows) if rows else None


def said_no_day(question: OpenQuestion, refusals: Refusals) -> date | None:
    """The last day the reader said no to something that is now asked about again; None for the first time."""
    about = question.request.about
    days = [refusals.get((question.log.pk, unit.pk, about)) for unit in question.units]
    return max((day for day in days if day is not None), default=None)


def answer_to(user: User, log: Log, request_id: UUID) -> ConsentAnswer | None:
    """The reader's own answer to a question that is answered already."""
    own = Q(guardian__user=user) | Q(is_youth=True, request__log__child__user=user)
    answers = ConsentAnswer.objects.filter(own, request=request_id, request__log=log).defer("scan")
    return answers.order_by("-answered_at").first()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a consent text; `heading` is its opening question, when it has one."""

    heading: str
    text: str


@dataclass(frozen=True)
class Text:
    title: str
    paragraphs: list[Paragraph]


def shown(text: ConsentText | None) -> Text | None:
    """The text in the active language."""
    if text is None:
        return None
    return Text(str(text.title), [_paragraph(str(LocalizedText.of(words))) for words in text.paragraphs])


def _paragraph(words: str) -> Paragraph:
    heading, mark, rest = words.partition("? ")
    return Paragraph(heading + "?", rest) if mark and len(heading) < 60 else Paragraph("", words)


def information(now: datetime) -> Text | None:
    """How the municipality processes what it knows: not a consent."""
    return shown(consent_selectors.current_text(now, consent_selectors.PROCESSING))


def sharing_text(request: ConsentRequest, *, is_youth: bool, now: datetime) -> ConsentText:
    """What the respondent consents to: the youth's own words, else those the question was asked with."""
    youth = consent_selectors.current_text(now, consent_selectors.YOUTH) if is_youth else None
    return youth or request.text


@dataclass(frozen=True)
class Service:
    """One service of the question, about the child or, in a request of her own, about the respondent (`about_her`, S3).
    `is_asker` is the unit that asks.
    """

    asked: Asked
    name: str
    is_asker: bool
    facts: list[tuple[str, str]]

    @property
    def key(self) -> str:
        return self.asked.key

    @property
    def about_her(self) -> bool:
        return self.asked.is_own

    @property
    def label(self) -> str:
        return about_you(self.name) if self.about_her else self.name

    @property
    def signed_name(self) -> str:
        """The name as it stands in what one signs: with how much the service reads, where that is not all."""
        return named_with_scope(self.name, self.asked.scope)

    @property
    def yes_words(self) -> str:
        return _("Ja, dere kan dele om meg") if self.about_her else _("Ja, dere kan samarbeide")

    @property
    def no_words(self) -> str:
        return _("Nei, ikke del noe om meg") if self.about_her else _("Nei, ikke del noe")


def about_you(name: str) -> str:
    return _("%(service)s, om deg selv") % {"service": name}


def services_of(question: OpenQuestion, reading: Reading) -> list[Service]:
    """The unit that asks first, then the others by name."""
    asker, tasks = question.log.unit_id, _tasks(question.log, reading)
    found = [
        _service(asked, asked.unit.pk == asker, reading, question, task=tasks.get(asked.unit.pk, ""))
        for asked in question.asked
    ]
    return sorted(found, key=in_order)


def in_order(service: Service) -> tuple[bool, bool, str]:
    """For ordering: about the child first, and the one that asks before the others."""
    return (service.about_her, not service.is_asker, service.name)


def _tasks(log: Log, reading: Reading) -> dict:
    """What the stafettholder has invited each service to do, so that a guardian decides knowing it.

    Free text can name a place (S17), and at a service about a guardian's own affairs it can tell of the other (S3).
    """
    if reading.hides_places:
        return {}
    waiting = Invitation.objects.filter(log=log, state=InvitationState.AWAITING_CONSENT).exclude(task="")
    waiting = waiting.exclude(unit__kind__in=OWN_INFORMATION_KINDS)
    return {invitation.unit_id: invitation.task for invitation in waiting}


def signed_for(services: list[Service], chosen: Mapping[str, bool]) -> list[Service]:
    """The services one signs for: those that got a yes."""
    return [service for service in services if chosen[service.key]]


def sending(services: list[Service], chosen: Mapping[str, bool]) -> dict[str, object]:
    """What stafettlogg/answer_send.html is told of the choices."""
    yes = [service for service in services if chosen[service.key]]
    return {
        "is_mixed": bool(yes) and len(yes) < len(services),
        "also_no": joined(list(dict.fromkeys(service.label for service in yes))),
    }


def _service(asked: Asked, is_asker: bool, reading, question, *, task: str) -> Service:
    unit, youth = asked.unit, question.guardian is None
    facts = _kind(unit)
    if asked.is_own:
        facts.append((_("Hvorfor"), _("For å se hjelpen til deg og hjelpen til barnet i sammenheng")))
        narrow = _("Bare det som betyr noe for barnets hverdag. Andre foresatte får ikke se det")
        facts.append((_("De kan dele"), narrow))
        readers = _("Du, de som arbeider i tjenesten, og stafettholderen. Det står utenfor stafettloggen")
        facts.append((_("Hvem leser"), readers))
        return Service(asked, shown_name(unit, reading), is_asker, facts + _responsible(unit, reading))
    if is_asker:
        facts.append((_("Hvorfor"), _("For å føre stafettloggen sammen med deg")))
    else:
        chosen = purposes.in_words(asked.purpose, question.log.child, youth=youth)
        facts.append((_("Hvorfor"), chosen or task or _why(question, youth=youth)))
    facts += _what_they_read(asked, youth=youth)
    return Service(asked, shown_name(unit, reading), is_asker, facts + _responsible(unit, reading))


def _what_they_read(asked: Asked, *, youth: bool) -> list[tuple[str, str]]:
    """How much of the log the service reads, and what of it that is (docs/adr/0016)."""
    how_much = capfirst(scope_words(asked.scope))
    if asked.scope == ConsentScope.MEASURES:
        knows = _("Hva tjenesten selv skal gjøre, hvilket mål det hører til, neste dato, og hvem stafettholderen er")
        not_told = _("Alt annet i stafettloggen: evalueringer, det barnet forteller, og hvem andre som er med")
        if youth:
            not_told = _("Alt annet i stafettloggen: evalueringer, det du forteller, og hvem andre som er med")
        return [(_("Leser"), how_much), (_("De får vite"), knows), (_("De får ikke vite"), not_told)]
    knows = _("Mål, tiltak, evalueringer og det barnet selv vil fortelle")
    if youth:
        knows = _("Mål, tiltak, evalueringer og det du selv vil fortelle")
    not_told = _("Det du skriver bare til stafettholderen, eller det du ber oss holde utenfor")
    return [(_("Leser"), how_much), (_("De får vite"), knows), (_("De får ikke vite"), not_told)]


def _why(question: OpenQuestion, *, youth: bool) -> str:
    """Before the log is open no reason may stand anywhere (S5), and then that is what is said."""
    if not question.log.is_request:
        return _("For å bli enige om hvem som hjelper med hva")
    if youth:
        return _("Det står ikke her. Vi skriver ingenting om deg før du har sagt ja. Spør stafettholderen")
    return _("Det står ikke her. Vi skriver ingenting om barnet før dere har sagt ja. Spør stafettholderen")


def _responsible(unit, reading: Reading) -> list[tuple[str, str]]:
    """Who answers for what a service outside the municipality keeps."""
    if not unit.is_external:
        return []
    if reading.hides_places:
        return [(_("Ansvarlig"), _("En virksomhet utenfor kommunen. Stafettholderen kan si deg hvem"))]
    return [(_("Ansvarlig"), _("%(controller)s. Tjenesten er utenfor kommunen") % _controller(unit))]


def _kind(unit) -> list[tuple[str, str]]:
    """What kind of service it is, for those who cannot read it from a Norwegian name, and what it does."""
    does = WHAT_THEY_DO.get(unit.kind)
    known = get_language() in ("nb", "nn") or unit.kind == UnitKind.OTHER
    kind = [] if known else [(_("Type tjeneste"), unit.get_kind_display())]
    return [*kind, (_("Hva de gjør"), str(does))] if does else kind


def shown_name(unit: Unit, reading: Reading) -> str:
    """The facts say who is responsible outside; the name alone is enough."""
    return reading.service(unit) if reading.hides_places else unit.name


def _controller(unit) -> dict:
    return {"controller": unit.controller_name}


def valid_until(today: date) -> date:
    """The last day of a yes that is given today."""
    return add_months(today, settings_row().consent_months)


def last_day_of_yes(question: OpenQuestion, today: date) -> date:
    """`valid_until`; a yes about herself ends with her place at home, at the latest."""
    day = valid_until(today)
    if not question.is_own:
        return day
    return last_day_of(own_threads.yes_ends_at(end_of_day(day), question.log.child.birth_date))


def statements(
    request: ConsentRequest,
    services: list[Service],
    *,
    name: str,
    unit: str,
    is_youth: bool,
    last_day: date,
    now: datetime,
) -> list[str]:
    """What the respondent signs for each service that got a yes, in the active language. Empty for a full no."""
    if not services:
        return []
    about_child = [service for service in services if not service.about_her]
    others = [service.signed_name for service in about_child if not service.is_asker]
    words = {"name": name, "unit": unit, "until": format_long(last_day)}
    if not about_child:
        said = []
    elif others:
        text = str(sharing_text(request, is_youth=is_youth, now=now).statement)
        # The text says «{unit} og {services}»: all but the last stand before its «og».
        said = [text.format(**words | {"unit": ", ".join([unit, *others[:-1]]), "services": others[-1]})]
    else:
        said = [_alone(is_youth) % words]
    hers = [service.name for service in services if service.about_her]
    if hers:
        said.append(str(request.text.statement).format(**words, services=joined(hers)))
    return said


def _alone(is_youth: bool) -> str:
    if is_youth:
        return _(
            "Jeg, %(name)s, samtykker til at %(unit)s fører stafettlogg om meg. Samtykket gjelder til %(until)s. "
            "Jeg vet at det er frivillig, og at jeg kan trekke det når jeg vil."
        )
    return _(
        "Jeg, %(name)s, samtykker til at %(unit)s fører stafettlogg om barnet. Samtykket gjelder til %(until)s. "
        "Jeg vet at det er frivillig, og at jeg kan trekke det når jeg vil."
    )
