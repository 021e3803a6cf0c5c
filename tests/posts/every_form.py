"""A world where every form of the portal is on some page, and the walk that finds them."""

import re
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.guides.services import send_feedback
from apps.municipality.models import PhoneNumber
from apps.notifications.models import Delivery
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import Consent
from apps.stafettlogg.services import wishes
from tests import crawl
from tests.factories import make_absence, make_leader
from tests.posts.forms import Form, forms_on
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import newest_request, page_of, walk_to_summary
from tests.two_logs import make_twin, make_units
from tests.world_with_marks import MarkedWorld

# Files and printed pages hold no form, and signing out ends the walk.
NOT_WALKED = ("pdf", "tool", "paper", "copy", "scan", "download", "logout")
PASSWORD = "fire ord som passer"


@dataclass(frozen=True)
class FormOnPage:
    """One form, who met it, and on which page."""

    persona: str
    form: Form
    page: str

    @property
    def route(self) -> str:
        return crawl.route_of(self.form.url)


class EveryForm:
    """`visitors` by persona; `log_of` maps a child's name to the log; `found` are the forms, one of each kind."""

    def __init__(self, *, personas=None) -> None:
        marked = MarkedWorld()
        self.log_of, self.world = dict(marked.log_of), marked.world
        self.twin = make_twin("Blåmeis", make_units())
        self.log_of["Blåmeis"] = self.twin.log.pk
        # The child's name stands nowhere but in her log.
        self.twin.log.unit.name = "Lia barnehage"
        self.twin.log.unit.save()
        self._set_password(marked.people["coordinator"])
        people = {f"twin_{name}": user for name, user in self.twin.people.items()} | self._more() | marked.people
        people.pop("switched_off")
        self.visitors = {name: crawl.Visitor(name, user) for name, user in people.items()}
        self._leave_lying()
        self._walk_half_way()
        for visitor in self.visitors.values():
            visitor.client.handler.enforce_csrf_checks = True
        self.found: dict[tuple, FormOnPage] = {}
        for name, visitor in self.visitors.items():
            if personas is None or name in personas:
                self._walk(visitor)

    def _more(self) -> dict:
        """Who stands where a form is nobody else meets: an expected child, the birth date, an answer half given."""
        day = timezone.localdate() + timedelta(days=60)
        expected = logs.make_child("", "", birth_date=None, expected_day=day)
        pregnant = logs.make_guardian(expected, relation="pregnant")
        midwife = logs.make_log(child=expected, guardians=[pregnant])
        child = logs.make_child("Dompap", "Bergfink")
        shut = logs.make_guardian(child, birth_date_confirmed_at=None)
        asked = logs.make_guardian(child)
        waiting = logs.make_log(child=child, guardians=[shut, asked], status=LogStatus.REQUESTED)
        self.log_of["Dompap"] = waiting.pk
        self.waiting, self.asked, self.shut = waiting, asked, shut
        hidden = logs.make_log(child=logs.make_child("Kjernebiter", "Skogfugl", address_protection="confidential"))
        self.log_of["Kjernebiter"], self.hidden = hidden.pk, hidden
        return {
            "hidden_holder": hidden.holder.user,
            "hidden_leader": make_leader(hidden.unit),
            "mother_of_two_logs": self._make_two_logs("Sidensvans"),
            "midwife": midwife.holder.user,
            "pregnant": pregnant.user,
            "asked_for_birth_date": shut.user,
            "answering": asked.user,
            "waiting_holder": waiting.holder.user,
            "at_the_tablet": None,
            "new_password": None,
        }

    def _make_two_logs(self, name):
        """One child in two units, each with its own record of her and of the same mother (safety.md S6)."""
        mother = logs.make_citizen("Mor Skogfugl")
        for unit in ("Furua barnehage", "Furua helsestasjon"):
            child = logs.make_child(name, "Skogfugl")
            logs.make_guardian(child, user=mother, name=mother.name)
            log = logs.make_log(child=child, holder=logs.make_employee(logs.make_unit(unit)))
        self.log_of[name] = log.pk
        return mother

    def _set_password(self, user) -> None:
        user.set_password(PASSWORD)
        user.save()

    def _leave_lying(self) -> None:
        """Things that wait for someone: a wish, feedback, an e-mail that failed, a number, days away."""
        now, people = timezone.now(), self.world.people
        wishes.send_wish(actor=people["guardian"], unit_id=self.world.things["own"].pk, text="Fiskeørn", now=now)
        send_feedback(page_key="n0s1", text="Uklart steg", answer_to="", author=None, now=now)
        PhoneNumber.objects.create(key="vakt", label={"nb": "Vakt"}, number="00 00 00 01", on_gate=True)
        make_absence(people["coordinator"])
        make_absence(people["colleague"])
        Delivery.objects.update(state="failed", error="refused")
        self.closed = logs.make_unit("Nedlagt barnehage", last_day=timezone.localdate() - timedelta(days=1))

    def _walk_half_way(self) -> None:
        """Pages that come after a first step are there only for who has taken it."""
        rows = Consent.objects.filter(guardian=self.asked).select_related("unit")
        walk_to_summary(self.visitors["answering"].client, self.waiting, {row.unit: True for row in rows})
        screen = self.visitors["at_the_tablet"].client
        screen.force_login(self.waiting.holder.user, backend=crawl.BACKEND)
        question = newest_request(self.waiting)
        opened = screen.post(page_of("hand_screen", self.waiting.pk, question.pk, self.shut.pk))
        assert opened.url == page_of("tablet")
        page = page_of("messages", self.twin.log.pk)
        holder = self.visitors["twin_holder"].client
        draft = next(f for f in forms_on(holder.get(page).text, page) if f.url == reverse("core:save_draft"))
        holder.post(draft.url, draft.as_shown() | {"text": "Halvferdig"})
        mail.outbox.clear()
        self.visitors["anonymous"].client.post(
            reverse("account_reset_password"), {"email": self.world.people["coordinator"].email}
        )
        self.link = urlsplit(re.search(r"https?://\S+", mail.outbox[0].body)[0]).path

    def _walk(self, visitor) -> None:
        """Every page this persona finds by links, but not what others have shown already."""
        waiting, marks, asked = deque(self._starts(visitor.persona)), set(), set()
        while waiting:
            url = waiting.popleft()
            route, mark = crawl.route_of(url), crawl.mark_of(url)
            if mark in marks or url in asked or not _is_walked(visitor.persona, route):
                continue
            asked.add(url)
            answer = visitor.ask(url)
            if answer.status in (301, 302):  # perhaps to a page of its own kind
                waiting += crawl.inside([answer.response.headers["Location"]], url)
                continue
            marks.add(mark)
            if answer.status == 200 and answer.response.headers["Content-Type"].startswith("text/html"):
                waiting += crawl.links(answer)
                for form in forms_on(answer.text, url):
                    target = FormOnPage(visitor.persona, form, url)
                    self.found.setdefault((target.route, frozenset(form.fields)), target)

    def _starts(self, persona) -> list[str]:
        """What no link leads this persona to, or must be met before others of its kind; then all that need no id."""
        people, log = self.world.people, self.world.log
        own = {
            "coordinator": [
                reverse("accounts:person", args=[people["colleague"].pk]),
                reverse("municipality:unit", args=[log.unit_id]),
                page_of("reopen_unit", self.closed.pk),
            ],
            "hidden_leader": [page_of("end_protection", self.hidden.pk)],
            "leader": [page_of("leader_decisions", log.pk)],
            # Opened after the others, these would find the screen locked and the link used.
            "at_the_tablet": [page_of("tablet")],
            "new_password": [self.link],
        }
        found = own.get(persona, [])
        return found if persona in ("at_the_tablet", "new_password") else found + crawl.addresses(lambda _name: {})


def _is_walked(persona: str, route: str) -> bool:
    is_for = persona == "new_password" or crawl.is_for(persona, route)
    return is_for and not any(word in route for word in NOT_WALKED)
