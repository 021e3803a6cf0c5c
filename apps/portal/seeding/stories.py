"""The demo's logs, made through the same services as people use, at times counted back from today."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from apps.audit.enums import Ground, ReadAction, Side
from apps.audit.services import Read, record_reads
from apps.core.dates import local_day, local_instant
from apps.municipality.enums import Purpose
from apps.portal.seeding import cast
from apps.portal.seeding.ids import synthetic_id
from apps.portal.seeding.people import People, address_of
from apps.stafettlogg.enums import (
    Audience,
    CheckedHow,
    Decision,
    Effect,
    MeasureStatus,
    Place,
    Relation,
    Responsibility,
    Route,
)
from apps.stafettlogg.models import Goal, Log, Measure, OwnThread
from apps.stafettlogg.selectors.consents import as_choices, asked_in
from apps.stafettlogg.services import (
    consent_questions,
    consents,
    evaluations,
    handovers,
    logs,
    messages,
    own_questions,
    own_threads,
    participants,
    plan,
    voices,
)
from apps.stafettlogg.services.evaluations import EvaluationInput, VoiceInput
from apps.stafettlogg.services.guardians import GuardianInput
from apps.stafettlogg.services.plan import MeasureInput
from apps.stafettlogg.services.requests import ChildInput, request_log


class Storyteller:
    """Tells one story after the other. `days_ago` counts whole local days before today."""

    def __init__(self, people: People, *, now: datetime):
        self.people = people
        self.now = now

    def at(self, days_ago: int, hour: int = 10) -> datetime:
        return min(local_instant(local_day(self.now) - timedelta(days=days_ago), hour), self.now)

    def day(self, days_ago: int) -> date:
        return local_day(self.now) - timedelta(days=days_ago)

    def guardian(self, key: str, relation: Relation) -> GuardianInput:
        row = next(row for row in cast.CITIZENS if row.key == key)
        return GuardianInput(
            name=row.name,
            relation=relation,
            email=address_of(row.name),
            phone="00 00 00 04",
            national_id=synthetic_id(row.born, cast.CITIZENS.index(row)),
            responsibility=Responsibility.CONFIRMED,
            checked_how=CheckedHow.REGISTER,
        )

    def request(
        self,
        holder: str,
        child: ChildInput,
        guardians: list[GuardianInput],
        units: Iterable[str] = (),
        *,
        days_ago: int,
    ) -> Log:
        place = self.people.places[holder]
        receipt = request_log(
            actor=place.user,
            membership=place,
            child=child,
            guardians=guardians,
            proposed_holder_membership=place,
            unit_ids=[self.people.units[key].pk for key in units],
            now=self.at(days_ago, 9),
        )
        return Log.objects.get(pk=receipt.id)

    def yes(self, log: Log, *keys: str, days_ago: int, no_to: tuple[str, ...] = ()) -> None:
        """These people answer yes to everything that waits for them, except `no_to`."""
        refused = {self.people.units[key].pk for key in no_to}
        for key in keys:
            user = self.people.citizens[key]
            request = log.consent_requests.latest("number")
            guardian = log.child.guardians.filter(user=user).first()
            if guardian is not None and guardian.birth_date_confirmed_at is None:
                guardian.birth_date_confirmed_at = self.at(days_ago, 19)
                guardian.save()
            rows = request.consents.filter(guardian=guardian, is_youth=guardian is None, state="waiting")
            asked = asked_in(rows.select_related("unit"))
            chosen = {one.key: one.unit.pk not in refused for one in asked}
            consents.answer(
                request.pk,
                guardian_id=guardian.pk if guardian else None,
                **as_choices(asked, chosen),
                route=Route.DIGITAL,
                actor=user,
                now=self.at(days_ago, 20),
            )

    def know_birth_date(self, log: Log, *keys: str) -> None:
        for key in keys:
            guardian = log.child.guardians.get(user=self.people.citizens[key])
            guardian.birth_date_confirmed_at = self.now
            guardian.save()

    def measure(
        self,
        goal: Goal,
        holder: str,
        title: str,
        *,
        place: str = Place.SERVICE,
        due: int | None = None,
        days_ago: int,
        **more,
    ) -> Measure:
        due_day = None if due is None else local_day(self.now) + timedelta(days=due)
        responsible = more.pop("responsible", None)
        given = MeasureInput(
            title=title,
            place=place,
            responsible_id=self.people.user(responsible).pk if responsible else None,
            due_day=due_day,
            **more,
        )
        return plan.add_measure(goal.pk, measure=given, actor=self.people.user(holder), now=self.at(days_ago, 12))

    def looked(self, log: Log, key: str, *, days_ago: int, ground: str, action: str = ReadAction.OPENED) -> None:
        """Somebody looked, so that «Hvem har sett» has something to show before anyone has used the demo."""
        place = self.people.places[key]
        read = Read(
            log_id=log.pk,
            child_id=log.child_id,
            ground=ground,
            role_name=place.title or str(place.role),
            unit_id=place.unit_id,
            unit_name=place.unit.name,
        )
        record_reads(
            actor=place.user, reads=[read], action=action, what="plan", side=Side.STAFF, now=self.at(days_ago, 14)
        )


def tell_all(people: People, *, now: datetime) -> None:
    """Every story of the demo. Not safe to repeat: `seed_demo` calls it on an empty municipality only."""
    teller = Storyteller(people, now=now)
    for story in (_emma, _noah, _ella, _liv, _aksel, _sander, _sanders_own, _expected):
        story(teller)


def tell_who_looked(people: People, *, now: datetime) -> None:
    """Who has seen Emma's log. Apart from the stories: what is read is written in a transaction of its own."""
    t = Storyteller(people, now=now)
    log = Log.objects.get(child__given_name="Emma", unit=people.units["solbakken"])
    t.looked(log, "ane", days_ago=20, ground=Ground.HOLDER)
    t.looked(log, "ane", days_ago=20, ground=Ground.HOLDER, action=ReadAction.PRINTED)
    t.looked(log, "lars", days_ago=12, ground=Ground.CONTROL)
    t.looked(log, "ane", days_ago=6, ground=Ground.HOLDER)


def _emma(t: Storyteller) -> None:
    ane = t.people.user("ane")
    child = ChildInput("Emma", "Lie Nordmann", date(2021, 3, 14), national_id=synthetic_id(date(2021, 3, 14), 0))
    log = t.request(
        "ane", child, [t.guardian("mari", Relation.MOTHER), t.guardian("ola", Relation.FATHER)], days_ago=52
    )
    t.yes(log, "mari", days_ago=51)
    t.yes(log, "ola", days_ago=50)
    log.refresh_from_db()
    logs.fill_in_reason(
        log.pk,
        reason="Emma er ofte alene ute. Hun sier selv at hun ikke vet hvordan hun skal spørre om å få være med.",
        background="Foreldrene og barnehagen snakket sammen i august og ble enige om å prøve noe sammen.",
        version=log.version,
        actor=ane,
        now=t.at(49),
    )
    goal = plan.add_goal(log.pk, title="Emma har minst én å leke med ute hver dag", actor=ane, now=t.at(45))
    play = t.measure(
        goal, "ane", "Ane starter en lek Emma liker, hver formiddag ute", due=12, responsible="ane", days_ago=45
    )
    home = t.measure(
        goal,
        "ane",
        "Mari inviterer en lekekamerat hjem en ettermiddag i uka",
        place=Place.HOME,
        due=12,
        responsible="mari",
        days_ago=45,
    )
    words = plan.add_goal(log.pk, title="Emma sier fra med ord når hun blir lei seg", actor=ane, now=t.at(45, 11))
    cards = t.measure(
        words,
        "ane",
        "Ane og Ola bruker følelseskort i samlingen og ved middagen",
        place=Place.BOTH,
        due=-20,
        responsible="ane",
        days_ago=45,
    )
    for row in (play, home, cards):
        plan.set_measure_status(row.pk, status=MeasureStatus.ONGOING, actor=ane, now=t.at(44))
    evaluations.evaluate(
        log.pk,
        evaluation=EvaluationInput(
            held_day=t.day(20),
            decision=Decision.CONTINUE,
            effects={play.pk: Effect.WORKS, home.pk: Effect.PARTLY, cards.pk: Effect.WORKS},
            next_day=t.day(-21),
            voice=VoiceInput(
                "Jeg vil at noen spør meg om jeg vil være med. Ikke at jeg må spørre.", "Ane Solheim", t.day(22), True
            ),
            family_view="Emma gleder seg mer til barnehagen nå.",
            summary="Leken ute går bedre. Vi fortsetter, og vil spørre PP-tjenesten om råd.",
        ),
        actor=ane,
        now=t.at(20),
    )
    plan.set_measure_status(cards.pk, status=MeasureStatus.DONE, actor=ane, now=t.at(19))
    why = {t.people.units["ppt"].pk: Purpose.LANGUAGE, t.people.units["helsestasjon"].pk: Purpose.SLEEP}
    consent_questions.ask_consent(log.pk, unit_ids=why, purposes=why, actor=ane, now=t.at(6))
    t.yes(log, "mari", days_ago=5)
    messages.write_message(
        log.pk,
        text="Emma fortalte om leken ute i bilen hjem i dag!",
        audience=Audience.ALL,
        actor=t.people.user("mari"),
        now=t.at(1, 16),
    )


def _noah(t: Storyteller) -> None:
    ane = t.people.user("ane")
    child = ChildInput("Noah", "Fjell", date(2022, 5, 2), national_id=synthetic_id(date(2022, 5, 2), 0))
    log = t.request("ane", child, [t.guardian("ida", Relation.MOTHER), t.guardian("per", Relation.FATHER)], days_ago=80)
    t.yes(log, "ida", "per", days_ago=78)
    goal = plan.add_goal(log.pk, title="Noah sovner uten uro når barnehagen hviler", actor=ane, now=t.at(75))
    t.measure(goal, "ane", "Ane sitter hos Noah til han sover", due=-12, responsible="ane", days_ago=75)
    _idas_own(t, log)


def _idas_own(t: Storyteller, log: Log) -> None:
    """Ida has said yes to NAV about herself: she, Samira and Ane write together, and nobody else knows of it."""
    nav, ida = t.people.units["nav"], log.child.guardians.get(user=t.people.citizens["ida"])
    ane, samira = t.people.user("ane"), t.people.user("samira")
    asked = own_questions.ask_own(log.pk, unit_id=nav.pk, guardian_ids=[ida.pk], actor=ane, now=t.at(9))
    consents.answer(
        asked[0].pk,
        guardian_id=ida.pk,
        choices={},
        own_choices={nav.pk: True},
        route=Route.DIGITAL,
        actor=t.people.citizens["ida"],
        now=t.at(8, 19),
    )
    thread = OwnThread.objects.get(log=log, guardian=ida)
    for writer, words, at in [
        (samira, "Hei, Ida. Kurset starter klokka ni. Passer det med leveringen i barnehagen?", t.at(7, 11)),
        (t.people.citizens["ida"], "Ja, hvis jeg kan levere litt før åtte.", t.at(6, 20)),
        (ane, "Vi åpner kvart over sju. Da rekker du det fint.", t.at(5, 8)),
    ]:
        own_threads.write_own_message(thread.pk, text=words, actor=writer, now=at)


def _ella(t: Storyteller) -> None:
    child = ChildInput("Ella", "Holt", date(2021, 10, 19), national_id=synthetic_id(date(2021, 10, 19), 0))
    guardians = [t.guardian("sara", Relation.MOTHER), t.guardian("nils", Relation.FATHER)]
    log = t.request("ane", child, guardians, ["ppt", "nav"], days_ago=3)
    t.know_birth_date(log, "sara", "nils")


def _liv(t: Storyteller) -> None:
    jonas, ane = t.people.user("jonas"), t.people.user("ane")
    child = ChildInput("Liv", "Haugen", date(2021, 1, 30), national_id=synthetic_id(date(2021, 1, 30), 0))
    log = t.request(
        "jonas", child, [t.guardian("tuva", Relation.MOTHER)], ["solbakken", "fysio", "kulturskole"], days_ago=120
    )
    t.yes(log, "tuva", days_ago=118)
    invitation = participants.invite_unit(
        log.pk,
        unit=t.people.units["solbakken"],
        task="Følge opp språkleken i barnehagen",
        to_membership=t.people.places["ane"],
        actor=jonas,
        now=t.at(117),
    )
    participants.join(invitation.pk, membership=t.people.places["ane"], actor=ane, now=t.at(116))
    goal = plan.add_goal(log.pk, title="Liv blir forstått av de andre barna", actor=jonas, now=t.at(115))
    row = t.measure(
        goal, "jonas", "Ane leker språkleken med Liv to ganger i uka", due=30, responsible="ane", days_ago=115
    )
    evaluations.evaluate(
        log.pk,
        evaluation=EvaluationInput(
            held_day=t.day(60),
            decision=Decision.LEVEL_UP if log.level < 3 else Decision.CONTINUE,
            effects={row.pk: Effect.PARTLY},
            next_day=t.day(-9),
            no_voice_reason="Liv var syk. Ane snakker med henne før neste møte.",
        ),
        actor=jonas,
        now=t.at(60),
    )
    _liv_sings(t, log, goal)


def _liv_sings(t: Storyteller, log: Log, goal: Goal) -> None:
    """The music school reads its own measure and nothing else of the log."""
    jonas, kaja = t.people.user("jonas"), t.people.user("kaja")
    invitation = participants.invite_unit(
        log.pk,
        unit=t.people.units["kulturskole"],
        task="Gi Liv et sted der hun synger og leker med språk",
        to_membership=t.people.places["kaja"],
        actor=jonas,
        now=t.at(58),
    )
    participants.join(invitation.pk, membership=t.people.places["kaja"], actor=kaja, now=t.at(57))
    t.measure(goal, "jonas", "Liv synger i barnekoret hver tirsdag", due=40, responsible="kaja", days_ago=56)
    words = "Liv sang med hele veien i dag. Hun sto ved siden av en jente hun kjenner."
    messages.write_message(log.pk, text=words, actor=kaja, now=t.at(6))


def _aksel(t: Storyteller) -> None:
    lars = t.people.user("lars")
    child = ChildInput("Aksel", "Rust", date(2021, 8, 8), national_id=synthetic_id(date(2021, 8, 8), 0))
    log = t.request("lars", child, [t.guardian("aina", Relation.MOTHER)], days_ago=30)
    t.yes(log, "aina", days_ago=29)
    handovers.offer_handover(
        log.pk,
        to_membership=t.people.places["ane"],
        letter="Aksel begynner på avdelingen din. Foreldrene vet om det og synes det er fint.",
        actor=lars,
        now=t.at(2),
    )


def _sander(t: Storyteller) -> None:
    silje = t.people.user("silje")
    born = date(2010, 3, 2)
    place = next(number for number, row in enumerate(cast.CITIZENS) if row.key == "sander")
    child = ChildInput("Sander", "Vik", born, national_id=synthetic_id(born, place))
    log = t.request("silje", child, [t.guardian("marte", Relation.MOTHER)], days_ago=40)
    t.yes(log, "marte", "sander", days_ago=38)
    plan.add_goal(log.pk, title="Sander er på skolen minst fire dager i uka", actor=silje, now=t.at(36))
    voices.add_voice(
        log.pk,
        text="Det er lettest når jeg vet hvem som møter meg.",
        told_to="Silje Nes",
        told_day=t.day(35),
        child_knows_readers=True,
        actor=silje,
        now=t.at(35),
    )


def _sanders_own(t: Storyteller) -> None:
    """Sander answers alone in the school health service: his mother and the school know nothing of it."""
    nora = t.people.user("nora")
    born = date(2010, 3, 2)
    place = next(number for number, row in enumerate(cast.CITIZENS) if row.key == "sander")
    child = ChildInput("Sander", "Vik", born, national_id=synthetic_id(born, place))
    log = t.request("nora", child, [t.guardian("marte", Relation.MOTHER)], days_ago=20)
    t.yes(log, "sander", days_ago=18)
    goal = plan.add_goal(log.pk, title="Sander sover bedre om natta", actor=nora, now=t.at(17))
    t.measure(goal, "nora", "Sander og Nora møtes hver torsdag", due=10, responsible="nora", days_ago=17)


def _expected(t: Storyteller) -> None:
    child = ChildInput(expected_day=t.day(-70))
    log = t.request("guro", child, [t.guardian("julie", Relation.PREGNANT)], days_ago=15)
    t.yes(log, "julie", days_ago=14)
