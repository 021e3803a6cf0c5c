"""The world with several logs, where each child's name, and what was written about her, is nowhere else."""

from django.utils import timezone

from apps.stafettlogg.enums import Audience, LogStatus
from apps.stafettlogg.models import ConsentAnswer, ConsentRequest, Guardian, Invitation, Log
from apps.stafettlogg.services import closing, participants
from apps.stafettlogg.services.messages import write_message
from tests import crawl
from tests.stafettlogg import factories as logs
from tests.world import MARK, make_world

NUMBER = "13097248022"
WRITTEN = "Fiskeørn"  # stands in everything that people wrote in the world's log


class Aviary:
    """`of` maps a child's name to the id of her log; `people` are the personas of the world."""

    def __init__(self) -> None:
        self.world = make_world()
        self.people = people = self.world.people
        self.of = {MARK: self.world.log.pk, "Sisikfugl": self._rename(self.world.things["other_log"], "Sisikfugl")}
        holder, mother = people["holder"], people["guardian"]
        self._log("Linerlefugl", holder, mother, status=LogStatus.REQUESTED)
        closed = self._log("Stillitsfugl", holder, mother)
        closing.close_by_family(closed.pk, actor=mother, now=timezone.now())
        shell = self._log("Trostefugl", holder, people["guardian_two"])
        logs.open_window(shell, shell.unit, days=30, basis="closing")
        self._write(self.world.log)
        self._invite(self.world.log)

    def _log(self, name, holder, guardian_user, **fields):
        child = logs.make_child(name, "Bergfink", national_id=NUMBER)
        guardian = logs.make_guardian(child, user=guardian_user, name=guardian_user.name)
        log = logs.make_log(holder=holder, child=child, guardians=[guardian], **fields)
        self.of[name] = log.pk
        return log

    def _rename(self, log, name):
        log.child.given_name, log.child.search_name = name, name.casefold()
        log.child.save()
        return log.pk

    def _write(self, log):
        holder, now = self.people["holder"], timezone.now()
        logs.make_measure(logs.make_goal(log, f"{WRITTEN} mål", actor=holder), f"{WRITTEN} tiltak", actor=holder)
        log = Log.objects.get(pk=log.pk)
        log.reason, log.background = f"{WRITTEN} grunn", f"{WRITTEN} bakgrunn"
        log.save()
        write_message(log.pk, text=f"{WRITTEN} beskjed", audience=Audience.ALL, actor=holder, now=now)
        write_message(log.pk, text=f"{WRITTEN} bare deg", actor=self.people["guardian"], now=now)

    def _invite(self, log):
        """The unit of a colleague elsewhere shares the log, and she is asked to join."""
        asked = self.people["stranger_employee"]
        logs.open_window(log, asked.membership.unit)
        participants.invite_unit(
            log.pk,
            unit=asked.membership.unit,
            to_membership=asked.membership,
            actor=self.people["holder"],
            now=timezone.now(),
        )

    def addresses(self) -> list[str]:
        """Every route, for the world's log where it is about one. The other logs are found by following links."""
        return sorted({*crawl.addresses(self._of_log(self.world.log.pk)), *self._others()})

    def _of_log(self, pk) -> dict:
        things = self.world.things
        plan = {"goal_id": [things["goal"].pk], "measure_id": [things["measure"].pk]}
        return {
            "pk": [pk],
            "request_id": ConsentRequest.objects.filter(log=pk).values_list("pk", flat=True)[:1],
            "answer_id": ConsentAnswer.objects.filter(request__log=pk).values_list("pk", flat=True)[:1],
            "guardian_id": Guardian.objects.filter(child__logs=pk).values_list("pk", flat=True)[:1],
            "unit_id": [things["own"].pk],
            "step": [1],
            **plan,
        }

    def _others(self) -> list[str]:
        things = self.world.things
        pks = [things["own"].pk, things["invited"].pk, *Invitation.objects.values_list("pk", flat=True)]
        return crawl.addresses(
            {"pk": pks, "number": [1], "step_key": ["n0s1"], "slug": ["undringsnotat"], "outcome_key": ["end"]}
        )
