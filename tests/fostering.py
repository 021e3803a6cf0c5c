"""A child in foster care, for the tests: the log, the decision and the foster parent's place (safety.md S36)."""

import datetime
import io

from pypdf import PdfReader

from apps.core.crypto import blind_index
from apps.core.dates import OSLO
from apps.stafettlogg.enums import Relation, Responsibility
from apps.stafettlogg.models import FosterPlace, Guardian
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.services import exceptions
from tests.factories import make_citizen, make_employee, make_leader, make_unit
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import page_of, plain, signed_in

NOW = datetime.datetime(2026, 10, 8, 12, tzinfo=OSLO)
TODAY = NOW.date()
DAY = datetime.timedelta(days=1)
UNTIL = TODAY + 30 * DAY
NAME = "Frida Fosse"
OF_PARENTS = ("parent_log", "family_people", "family_history", "family_messages", "family_seen", "own_consents")


def change(guardian, **fields):
    for name, value in fields.items():
        setattr(guardian, name, value)
    guardian.save(update_fields=list(fields))


class Case:
    """A care order that is signed, and Siri who answers for child welfare; two parents who read."""

    def __init__(self):
        self.child = make_child()
        self.mother, self.father = make_guardian(self.child, name="Mari Vik"), make_guardian(self.child, name="Ola Vik")
        self.own = make_unit("Solbakken barnehage")
        self.ane, self.lars = make_employee(self.own, name="Ane Lund"), make_leader(self.own, name="Lars Moe")
        self.log = make_log(holder=self.ane, child=self.child, guardians=[self.mother, self.father], now=NOW)
        self.siri = make_guardian(
            self.child, name="Siri Dal", relation=Relation.CHILD_WELFARE, responsibility=Responsibility.UNCHECKED
        )
        care = {"kind": "care_order", "step": "2", "source": "tribunal", "number": "2026/14", "day": str(TODAY)}
        care |= {"last_day": str(UNTIL), "guardian": str(self.siri.pk), "parents_read": "ja"}
        assert signed_in(self.ane).post(page_of("record_care", self.log.pk), care).status_code == 302
        for grant in self.log.consent_exceptions.filter(signed_at=None):
            exceptions.sign_exception(grant.pk, actor=self.lars, now=NOW)
        give_consents(self.log, only=[self.siri], now=NOW)
        self.siri.refresh_from_db()
        # Found by her number as soon as she has a place.
        self.frida = make_citizen(NAME, national_id_index=blind_index(PERSON, "frida"), birth_year=1980)

    def add(self, hidden="ja", scope="measures", **changed):
        given = {"name": NAME, "scope": scope, "hidden": hidden, "language": "nb"} | changed
        response = signed_in(self.ane).post(page_of("foster_add", self.log.pk), given)
        place = FosterPlace.objects.order_by("-recorded_at").first()
        if place is not None:
            change(place.guardian, national_id_index=self.frida.national_id_index)
        return response

    @property
    def place(self):
        return FosterPlace.objects.select_related("guardian").get()

    def says(self, answer):
        return signed_in(self.siri.user).post(page_of("answer_foster", self.place.pk), {"answer": answer})

    def has_place(self, *, hidden="ja", scope="measures"):
        """Written down, said yes to, and let in with the child's birth date given."""
        assert self.add(hidden=hidden).status_code == 302
        assert self.says(scope).status_code == 302
        change(Guardian.objects.get(relation=Relation.FOSTER), birth_date_confirmed_at=NOW)
        return signed_in(self.frida)

    def gets(self, name, user=None):
        return signed_in(user or self.frida).get(page_of(name, self.log.pk))

    def pages_of(self, user):
        pages = {name: plain(self.gets(name, user)) for name in OF_PARENTS}
        pages["children"] = plain(signed_in(user).get(page_of("children")))
        pdf = self.gets("family_download", user)
        pages["pdf"] = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
        return pages
