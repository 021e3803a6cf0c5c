"""The demo's municipality has opened: every point of «Klar til å åpne» is green, by its invented people."""

from datetime import datetime, timedelta

from apps.core.dates import local_day
from apps.municipality.enums import Right
from apps.municipality.models import PhoneNumber, ReadinessTick, Unit
from apps.municipality.services import readiness
from apps.portal.seeding.people import People
from apps.stafettlogg.models import ConsentText, TextApproval

# Who in the cast vouches for what, and what is noted.
SAID = {
    "dpia-rad": ("astrid", "Ingen innvendinger. Se på den igjen når dere tar i bruk nye områder."),
    "dpia": ("tone", "Versjon 1.2"),
    "tillitsvalgte": ("kari", ""),
    "innlogging-ansatte": ("espen", ""),
    "innlogging-familier": ("espen", "Familiene svarer på papir eller i møtet inntil videre."),
    "to-trinn": ("espen", ""),
    "sikkerhetskopi": ("espen", "Hentet tilbake på en annen maskin."),
}


def make_ready(people: People, *, now: datetime) -> None:
    """Vouch for every point three weeks ago, and approve the texts. Safe to repeat."""
    if ReadinessTick.objects.exists():
        return
    then = now - timedelta(days=21)
    for key, (who, note) in SAID.items():
        actor = people.user(who)
        readiness.vouch(key, actor=actor, now=then, name=actor.name, title=people.places[who].title, note=note)
    kari = people.user("kari")
    readiness.vouch("fare-for-liv", actor=kari, now=then, name="Oda Krogh", title="psykolog i BUP")
    for phone in PhoneNumber.objects.all():
        readiness.say_phone_answers(phone.pk, number=phone.tel, actor=kari, now=then)
    for unit in Unit.objects.filter(pk__in=[place.unit_id for place in people.places.values()]):
        readiness.confirm_staff_list(unit.pk, actor=kari, now=then)
    espen = people.user("espen")
    address, code = "innbygger@solvik.example", readiness.code_for("innbygger@solvik.example", local_day(then))
    readiness.confirm_trial_email(address, code, actor=espen, now=then)
    _approve_texts(people, then)


def _approve_texts(people: People, then: datetime) -> None:
    said = {
        Right.DPO: ("astrid", "Teksten sier det familiene trenger å vite."),
        Right.JURIST: ("henrik", ""),
        Right.OWNER: ("tone", ""),
    }
    for text in ConsentText.objects.filter(published_at__isnull=False):
        for role, (who, words) in said.items():
            actor = people.user(who)
            TextApproval.objects.create(
                text=text, edition=text.edition, role=role.value, by=actor, name=actor.name, words=words, said_at=then
            )
