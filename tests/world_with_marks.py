"""The world with several logs, where each child's name, and what was written about her, is nowhere else."""

import json

from django.urls import reverse
from django.utils import timezone

from apps.core.models import Draft
from apps.stafettlogg.enums import Audience, LogStatus
from apps.stafettlogg.models import ConsentAnswer, ConsentRequest, Deputy, Guardian, Handover, Invitation, Log
from apps.stafettlogg.services import consent_questions, deputies, handovers, participants
from apps.stafettlogg.services.messages import write_message
from tests import crawl, matrix
from tests.factories import make_leader_role, make_membership, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.exempt import ask_exception
from tests.world import MARK, make_world

NUMBER = "13097248022"
WRITTEN = "Fiskeørn"  # stands in everything that people wrote in the world's log


class MarkedWorld:
    """`log_of` maps a child's name to the id of the log; `people` are the personas of the world."""

    def __init__(self) -> None:
        self.world = make_world()
        self.people = people = self.world.people
        self.log_of = {MARK: self.world.log.pk, "Sisikfugl": self._rename(self.world.things["other_log"], "Sisikfugl")}
        holder, mother = people["holder"], people["guardian"]
        self._log("Linerlefugl", holder, mother, status=LogStatus.REQUESTED)
        closed = self._log("Stillitsfugl", holder, mother)
        logs.close_for_family(closed, mother)
        shell = self._log("Trostefugl", holder, people["guardian_two"])
        logs.open_window(shell, shell.unit, days=30, basis="closing")
        self._write(self.world.log)
        self._invite(self.world.log)
        for name in ("Spurvefugl", "Duefugl"):
            self._let_everything_wait(self._log(name, holder, mother))
        self._log("Ravnefugl", holder, mother, status=LogStatus.REQUESTED)
        self._stand_in_two_places()
        self.secrets = self._keep_secrets()

    def _log(self, name, holder, guardian_user, **fields):
        child = logs.make_child(name, "Bergfink", national_id=NUMBER)
        guardian = logs.make_guardian(child, user=guardian_user, name=guardian_user.name)
        log = logs.make_log(holder=holder, child=child, guardians=[guardian], **fields)
        self.log_of[name] = log.pk
        return log

    def _rename(self, log, name):
        log.child.given_name, log.child.search_name, log.child.folded_name = name, name.casefold(), name.casefold()
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

    def _keep_secrets(self) -> dict:
        """What stands in one field of the world's log → the personas it may be shown to (A6). The others never see it.

        A child's fødselsnummer is on no page at all.
        """
        log, mother, father = self.world.log, *self.world.log.guardians
        mother.phone, mother.email = "40 41 42 43", "alkekonge@solvik.example"
        mother.save()
        write_message(log.pk, text="Havsule", actor=self.people["guardian"], now=timezone.now())
        answer = ConsentAnswer.objects.get(request__log=log, guardian=father)
        answer.limits, answer.limits_followed_at, answer.limits_followed_by = "Krykkje", timezone.now(), log.holder.user
        answer.save()
        blocked = Guardian.objects.get(child=log.child, user=self.people["guardian_blocked"])
        blocked.blocked_decision_number = "Teist 778"
        blocked.save()
        holding = {"holder", "deputy"}
        return {
            NUMBER: set(),
            f"{NUMBER[:6]} {NUMBER[6:]}": set(),
            mother.phone: holding,
            mother.email: holding,
            "Havsule": holding | {"guardian"},
            answer.limits: holding | {"guardian_two"},
            blocked.blocked_decision_number: set(),
            self.people["holder"].password[-20:]: set(),
            log.child.national_id_index or "nobody's index": set(),
        }

    def _let_everything_wait(self, log):
        """Done to two logs, so that each person who is asked something is asked twice: a page that shows one of the
        things that wait must not need the others. An offer, a deputyship, an invitation, a question to the family, an
        exception to sign, and texts that are not sent.
        """
        holder, colleague, leader = self.people["holder"], self.people["colleague"], self.people["leader"]
        now = timezone.now()
        today = timezone.localdate(now)
        handovers.offer_handover(log.pk, to_membership=colleague.membership, actor=holder, now=now)
        deputies.appoint_deputy(
            log.pk, membership=colleague.membership, first_day=today, last_day=today, actor=leader, now=now
        )
        self._invite(log)
        consent_questions.ask_consent(log.pk, unit_ids=[self.world.things["invited"].pk], actor=holder, now=now)
        not_asked = logs.make_guardian(log.child)
        ask_exception(log, not_asked, now=now)
        for page in ("messages", "family_messages"):
            self._write_half(reverse(f"stafettlogg:{page}", args=[log.pk]), now=now)

    def _write_half(self, page, *, now):
        """A text that is begun on this page and saved, by whoever writes there."""
        writer = self.people["guardian" if "barna-dine" in page else "holder"]
        payload = json.dumps({"forms": ["message"], "entries": {"text": ["Halvferdig"]}})
        Draft.objects.create(user_id=writer.pk, form_name="message", object_key=page, payload=payload, updated_at=now)

    def _stand_in_two_places(self):
        """A participant who works in two services, a leader of two, and a holder who takes part in another's log."""
        unit = make_unit("To steder")
        make_membership(self.people["participant"], unit)
        make_membership(self.people["leader"], unit, role=make_leader_role())
        logs.make_participant(self.world.things["other_log"], user=self.people["holder"])

    def addresses(self, persona: str | None = None) -> list[str]:
        """Every route, for the world's log where it is about one; other logs are found by following links.

        For one persona the routes where the access matrix has a plain no are left out: there it proves, cell by cell,
        that no child is shown. Where it knows no real object, the objects that are here are asked for by everyone.
        """
        about = self._candidates()

        def candidates_of(name):
            verdict = matrix.VERDICTS[name]
            is_sure = "nowhere" not in verdict.args
            if is_sure and persona is not None and verdict.expected(persona, "GET") in ("no", "login"):
                return None
            return about | {"pk": self._objects_of(name, verdict)}

        return crawl.addresses(candidates_of)

    def _objects_of(self, name, verdict) -> list:
        if verdict.args[:1] == ("unit",):
            return [self.world.things["own"].pk, self.world.things["invited"].pk]
        for word, model in (("invitation", Invitation), ("handover", Handover), ("deputy", Deputy)):
            if word in name and verdict.args[:1] != ("log",):
                return list(model.objects.values_list("pk", flat=True))
        return [self.world.log.pk]

    def _candidates(self) -> dict:
        pk, things = self.world.log.pk, self.world.things
        guardian = Guardian.objects.filter(child__logs=pk, user=self.people["guardian"]).get().pk
        answers = ConsentAnswer.objects.filter(request__log=pk, guardian__isnull=False).values_list("pk", flat=True)
        return {
            "request_id": list(ConsentRequest.objects.filter(log=pk).values_list("pk", flat=True)),
            "answer_id": list(answers),
            "guardian_id": [guardian],
            "who": [str(guardian)],
            "unit_id": [things["own"].pk],
            "goal_id": [things["goal"].pk],
            "measure_id": [things["measure"].pk],
            "step": [1],
            "number": [1],
            "step_key": ["n0s1"],
            "slug": ["undringsnotat"],
            "outcome_key": ["end"],
        }
