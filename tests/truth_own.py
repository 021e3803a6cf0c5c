"""What can happen about a guardian's own information (S3), beside what happens in the log: acts of `truth_acts`."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.stafettlogg.enums import About, ConsentState
from apps.stafettlogg.models import Consent, Guardian, OwnThread
from apps.stafettlogg.services import consents, own_questions, own_threads


class OwnActs:
    """Given by the walk: its log, its people, and the service that knows a guardian."""

    pk: UUID
    now: datetime
    chance: random.Random
    holder: Any
    at_nav: Any
    nav: Any

    guardians: Callable[[], list[Guardian]]

    def _answer_own(self, one: Consent, yes: bool, *, limits: str = "") -> bool:
        consents.answer(
            one.request_id,
            guardian_id=one.guardian_id,
            choices={},
            own_choices={one.unit_id: yes},
            route="digital",
            actor=one.guardian.user,
            limits=limits,
            now=self.now,
        )
        return True

    def ask_her_own(self) -> None:
        guardian = self.chance.choice(self.guardians())
        own_questions.ask_own(
            self.pk, unit_id=self.nav.pk, guardian_ids=[guardian.pk], actor=self.holder, family_asked=True, now=self.now
        )

    def _own_waiting(self) -> Consent | None:
        rows = Consent.objects.filter(log=self.pk, about=About.OWN, state=ConsentState.WAITING)
        return rows.select_related("guardian__user").order_by("pk").first()

    def say_yes_to_her_own(self) -> bool:
        one = self._own_waiting()
        return one is not None and self._answer_own(one, True)

    def say_no_to_her_own(self) -> bool:
        one = self._own_waiting()
        return one is not None and self._answer_own(one, False)

    def withdraw_her_own(self) -> bool:
        given = Consent.objects.filter(log=self.pk, about=About.OWN, state=ConsentState.GIVEN)
        one = given.select_related("guardian__user").first()
        if one is None:
            return False
        taken = consents.withdraw(
            self.pk, guardian_id=one.guardian_id, unit_ids=None, about=About.OWN, actor=one.guardian.user, now=self.now
        )
        return taken > 0

    def write_in_her_thread(self) -> bool:
        thread = OwnThread.objects.filter(log=self.pk).select_related("guardian__user").first()
        if thread is None:
            return False
        writer = self.chance.choice([thread.guardian.user, self.holder, self.at_nav])
        own_threads.write_own_message(thread.pk, text="Om henne selv", actor=writer, now=self.now)
        return True
