"""The verdicts of the access matrix: for each route, who may; and how its address is made for the world."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from tests.personas import (
    CITIZENS,
    EMPLOYEES,
    FAMILY,
    FOSTER,
    HOLDING,
    LEADERS,
    OUTSIDE,
    OWN_MEASURES,
    PERSONAS,
    SIGNED_IN,
    STAFF_IN_LOG,
    WITHOUT_REASON,
)

NOWHERE = UUID("00000000-0000-4000-8000-000000000000")


@dataclass(frozen=True)
class Verdict:
    """`may`: who gets `ok`. `reason`: leaders meet the reason page. `args`: what the address needs, by name."""

    may: frozenset
    reason: bool = False
    args: tuple = ()
    unsafe: frozenset | None = None
    asks_for_sign_in: bool = True

    def expected(self, persona, method):
        if persona in OUTSIDE and "anonymous" not in self.may and self.asks_for_sign_in:
            return "login"
        if self.reason and persona in WITHOUT_REASON:
            return "reason"
        may = self.may if method in ("GET", "HEAD", "OPTIONS") or self.unsafe is None else self.unsafe
        return "ok" if persona in may or (persona == "switched_off" and "anonymous" in may) else "no"


def everyone(*args):
    return Verdict(frozenset(PERSONAS), args=args)


def signed_in(*args):
    return Verdict(frozenset(SIGNED_IN), args=args)


def only(people, *args, unsafe=None):
    return Verdict(frozenset(people), args=args, unsafe=None if unsafe is None else frozenset(unsafe))


def log(people, *args):
    """A page of the log for staff: others meet 404, leaders without a reason the reason page."""
    return Verdict(frozenset(people), reason=True, args=("log", *args))


def family(*args):
    return Verdict(frozenset(FAMILY), args=("log", *args))


def url(name, world):
    """The route's address in this world; a thing that the world does not have gets an id that exists nowhere."""
    known = {
        "log": world.log.pk,
        "goal": world.things["goal"].pk,
        "measure": world.things["measure"].pk,
        "unit": world.things["own"].pk,
        "guardian": world.log.guardians[0].pk,
        "colleague": world.people["colleague"].pk,
        "place": world.people["colleague"].membership.pk,
        "step": "n0s1",
        "number": 1,
        "tool": "undringsnotat",
        "foster_place": world.things["foster_place"].pk,
        "nowhere": NOWHERE,
        "one": 1,
    }
    verdict = VERDICTS[name]
    return reverse(name, args=[known.get(arg, arg) for arg in verdict.args])


# Answers 404 to a form that says nothing about what it is about.
NEEDS_INPUT = {
    "stafettlogg:decide_level",
    "stafettlogg:goal_status",
    "stafettlogg:measure_status",
    "core:save_draft",
    "accounts:roles",
}
# Where someone of the other kind, employee or citizen, is led when a page is not for her.
OWN_PAGES = ("/barna-dine/", "/logger/", "/arbeidet-ditt/")
LEADERS_AND_COORDINATOR = LEADERS | {"coordinator"}
# Those who look after the staff list of the unit that holds the log.
OWN_LEADERS = {"leader", "leader_opened", "leader_reason_ran_out", "coordinator"}

VERDICTS: dict[str, Verdict] = {
    # core
    "set_language": everyone(),
    "core:save_draft": signed_in(),
    "core:discard_draft": only(set()),
    "core:delete_draft": only(set()),
    # accounts
    "account_login": everyone(),
    "account_logout": everyone(),
    "account_change_password": signed_in(),
    "account_reset_password": everyone(),
    "account_set_password": everyone(),
    "account_reset_password_done": everyone(),
    "account_reset_password_from_key": everyone("1", "nokkel"),
    "account_reset_password_from_key_done": everyone(),
    "accounts:profile": signed_in(),
    "accounts:sign_out_everywhere": signed_in(),
    # Without ID-porten there are no such pages, for anyone; with it, tests/oidc/ has them.
    "accounts:family_signed_out": Verdict(frozenset(), asks_for_sign_in=False),
    "stafettlogg:family_out": Verdict(frozenset(), asks_for_sign_in=False),
    "stafettlogg:family_back": Verdict(frozenset(), asks_for_sign_in=False),
    "stafettlogg:family_more": only(set()),
    # For one who has signed in and has no account; all others are led where they belong.
    "stafettlogg:no_case": only(set()),
    "stafettlogg:first_wish": only(set()),
    "stafettlogg:first_code": only(set()),
    # The same of the employees' own provider, which is not in use.
    "accounts:staff_out": Verdict(frozenset(), asks_for_sign_in=False),
    "accounts:staff_back": Verdict(frozenset(), asks_for_sign_in=False),
    "accounts:staff_signed_out": Verdict(frozenset(), asks_for_sign_in=False),
    "accounts:staff_link": only(set()),
    "accounts:staff_prove": only(set()),
    "accounts:prove": signed_in(),
    "accounts:own_address": only(CITIZENS),
    "accounts:address_confirm": everyone("nokkel"),
    "accounts:staff_unlink": only(EMPLOYEES),
    "accounts:sign_in_settings": only({"coordinator"}),
    "accounts:try_provider": only({"coordinator"}),
    # Outside the demo there is no such page, for anyone.
    "accounts:demo_sign_in": Verdict(frozenset(), asks_for_sign_in=False),
    "accounts:roles": only(EMPLOYEES),
    "accounts:people": only(LEADERS_AND_COORDINATOR),
    "accounts:import": only({"coordinator"}),
    "accounts:import_write": only({"coordinator"}),
    "accounts:unit": only(OWN_LEADERS, "unit"),
    "accounts:add": only(OWN_LEADERS, "unit"),
    "accounts:person": only(OWN_LEADERS, "colleague"),
    "accounts:end_person": only(OWN_LEADERS, "colleague"),
    "accounts:end_place": only(OWN_LEADERS, "place"),
    # municipality
    "municipality:settings": only({"coordinator"}),
    "municipality:words": only({"coordinator"}),
    "municipality:word": only({"coordinator"}, "stafettlogg"),
    "municipality:consent_ages": only({"coordinator"}),
    "municipality:phones": only({"coordinator"}),
    "municipality:phone_new": only({"coordinator"}),
    "municipality:phone": only(set(), "nowhere"),
    "municipality:phone_remove": only(set(), "nowhere"),
    "municipality:units": only({"coordinator"}),
    "municipality:unit_new": only({"coordinator"}),
    "municipality:unit": only({"coordinator"}, "unit"),
    "municipality:unit_switch": only({"coordinator"}, "unit"),
    "stafettlogg:close_unit": only({"coordinator"}, "unit"),
    "stafettlogg:reopen_unit": only(set(), "unit"),
    "stafettlogg:unit_closed": only(set(), "unit"),
    "municipality:roles": only({"coordinator"}),
    "municipality:role_new": only({"coordinator"}),
    "municipality:role": only(set(), "nowhere"),
    "municipality:section": only({"coordinator"}, "kommunen"),
    "municipality:readiness": only({"coordinator"}),
    "municipality:readiness_phones": only({"coordinator"}),
    "municipality:readiness_phone_answers": only(set(), "nowhere"),
    "municipality:readiness_email": only({"coordinator"}),
    "municipality:readiness_staff_list": only({"coordinator"}, "unit"),
    "municipality:readiness_word": only({"coordinator"}, "tillitsvalgte"),
    "municipality:choices": only({"coordinator"}),
    "stafettlogg:texts": only({"coordinator"}),
    "stafettlogg:text": only({"coordinator"}, "sharing_child"),
    "stafettlogg:text_draft": only({"coordinator"}, "sharing_child"),
    "stafettlogg:text_discard": only({"coordinator"}, "sharing_child"),
    # guides
    "guides:overview": everyone(),
    "guides:gate": everyone(),
    "guides:report": everyone(),
    "guides:practice": everyone(),
    "guides:practice_step": everyone("one"),
    "guides:practice_done": everyone(),
    "guides:choose_variant": everyone(),
    "guides:tools": everyone(),
    "guides:tool": everyone("tool"),
    "guides:laws": everyone(),
    "guides:theme": everyone("gravide"),
    "guides:outcome": everyone("end"),
    "guides:versions": everyone(),
    "guides:old_version": everyone("one"),
    "guides:old_version_step": everyone("one", "step"),
    "guides:old_theme": everyone("one", "gravide"),
    "guides:old_tool": everyone("one", "tool"),
    "guides:old_gate": only({"coordinator"}, "one"),
    "guides:old_report": only({"coordinator"}, "one"),
    "guides:feedback": everyone(),
    "guides:feedback_sent": everyone(),
    "guides:step": everyone("step"),
    "guides:editor": only({"coordinator"}),
    "guides:publish": only({"coordinator"}),
    "guides:feedback_list": only({"coordinator"}),
    "guides:handle_feedback": only(set(), "nowhere"),
    "guides:preview": only({"coordinator"}, "step"),
    "guides:preview_gate": only({"coordinator"}),
    "guides:preview_report": only({"coordinator"}),
    "guides:preview_tool": only({"coordinator"}, "tool"),
    "guides:preview_theme": only({"coordinator"}, "gravide"),
    "guides:edit_row": only(set(), "steg", "nowhere"),
    # notifications
    "notifications:list": signed_in(),
    "notifications:open": only(set(), "nowhere"),
    "notifications:mark_read": signed_in(),
    "notifications:preference": signed_in(),
    "notifications:deliveries": only({"coordinator"}),
    "notifications:retry": only(set(), "one"),
    # portal
    "portal:front": everyone(),
    "portal:start": signed_in(),
    "portal:signed_out": everyone(),
    "portal:young": everyone(),
    "portal:privacy": everyone(),
    "portal:cookies": everyone(),
    "portal:accessibility": everyone(),
    "portal:health": everyone(),
    "portal:help": everyone(),
    "portal:robots": everyone(),
    "portal:security": everyone(),
    "portal:style": everyone(),
    # stafettlogg: the list, a request
    "stafettlogg:list": only(EMPLOYEES),
    "stafettlogg:request": only(EMPLOYEES - {"left_the_job", "coordinator", "flow"}),
    "stafettlogg:request_receipt": only(set(), "nowhere"),
    "stafettlogg:requests_sent": only(EMPLOYEES),
    # stafettlogg: a log, for staff
    "stafettlogg:detail": log(STAFF_IN_LOG | OWN_MEASURES),
    "stafettlogg:reason": log(HOLDING),
    "stafettlogg:history": log(STAFF_IN_LOG),
    "stafettlogg:voice": log(HOLDING | {"participant"}),
    "stafettlogg:evaluate": log(HOLDING),
    "stafettlogg:decide_level": log(HOLDING),
    "stafettlogg:seen": log(HOLDING),
    "stafettlogg:messages": log(STAFF_IN_LOG | OWN_MEASURES),
    "stafettlogg:plan": log(STAFF_IN_LOG | OWN_MEASURES),
    "stafettlogg:add_goal": log(HOLDING),
    "stafettlogg:edit_goal": log(HOLDING, "goal"),
    "stafettlogg:goal_status": log(HOLDING, "goal"),
    "stafettlogg:add_measure": log(HOLDING, "goal"),
    "stafettlogg:edit_measure": log(HOLDING, "measure"),
    "stafettlogg:take_back_goal": log(HOLDING, "goal"),
    "stafettlogg:take_back_measure": log(HOLDING, "measure"),
    "stafettlogg:measure_status": log(HOLDING, "measure"),
    "stafettlogg:participants": log(STAFF_IN_LOG | OWN_MEASURES),
    "stafettlogg:invite": log(HOLDING),
    "stafettlogg:leave": log({"participant"} | OWN_MEASURES),
    "stafettlogg:remove_participant": log(set(), "nowhere"),
    "stafettlogg:withdraw_invitation": log(set(), "nowhere"),
    "stafettlogg:invitations": only(EMPLOYEES),
    # Every persona at a thread there is: test_safety_own_threads.py
    "stafettlogg:own_threads": only(EMPLOYEES),
    "stafettlogg:own_thread": only(set(), "nowhere"),
    "stafettlogg:family_thread": only(set(), "nowhere"),
    "stafettlogg:invitation": only(set(), "nowhere"),
    "stafettlogg:hand_over": log(HOLDING),
    "stafettlogg:withdraw_handover": log(HOLDING),
    "stafettlogg:disqualified": log(HOLDING | {"participant"} | OWN_MEASURES),
    "stafettlogg:handover": only(set(), "nowhere"),
    "stafettlogg:decline_handover": only(set(), "nowhere"),
    "stafettlogg:own_absence": only(EMPLOYEES),
    "stafettlogg:absence": only(OWN_LEADERS, "colleague"),
    "stafettlogg:absence_page": only(set(), "nowhere"),
    "stafettlogg:absence_cancel": only(set(), "nowhere"),
    "stafettlogg:deputy_new": only({"holder", "leader", "leader_opened", "leader_reason_ran_out"}, "log"),
    "stafettlogg:deputy_answer": only(set(), "nowhere"),
    "stafettlogg:deputy_end": only(set(), "nowhere"),
    "stafettlogg:leader": only(LEADERS),
    "stafettlogg:open_with_reason": only(STAFF_IN_LOG | OWN_MEASURES | WITHOUT_REASON, "log"),
    "stafettlogg:close": log(HOLDING),
    "stafettlogg:close_quietly": log(HOLDING),
    "stafettlogg:interpreter_arranged": log(set(), "nowhere"),
    "stafettlogg:correction_answered": log(set(), "nowhere"),
    "stafettlogg:family_letter": log(set(), "nowhere"),
    "stafettlogg:family_letter_posted": log(set(), "nowhere"),
    "stafettlogg:closing_called": log(set(), "nowhere"),
    "stafettlogg:closing_hurry": log(HOLDING),
    "stafettlogg:leader_close": only(set(), "log"),
    "stafettlogg:summary_pdf": log(HOLDING | {"participant"}),
    # stafettlogg: consents and guardians, for the holder; what the leader signs
    "stafettlogg:consents": log(HOLDING),
    "stafettlogg:consents_ask": log(HOLDING),
    "stafettlogg:consents_ask_own": log(HOLDING),
    "stafettlogg:consents_cancel": log(HOLDING),
    "stafettlogg:consents_follow_limits": log(set(), "nowhere"),
    "stafettlogg:consents_repeat": log(set(), "nowhere"),
    "stafettlogg:record_readers": log(set()),
    "stafettlogg:renew_decision": log(set()),
    "stafettlogg:consents_withdrawal": log(HOLDING, "guardian"),
    "stafettlogg:consents_recorded": log(set(), "nowhere"),
    "stafettlogg:receipt_copy": log(set(), "nowhere"),
    "stafettlogg:consent_scan": log(set(), "nowhere"),
    "stafettlogg:consents_record": log(set(), "nowhere", "guardian"),
    "stafettlogg:consent_paper": log(set(), "nowhere", "guardian"),
    "stafettlogg:hand_screen": log(set(), "nowhere", "guardian"),
    "stafettlogg:tablet": everyone(),
    "stafettlogg:tablet_stop": everyone(),
    "stafettlogg:tablet_thanks": everyone(),
    "stafettlogg:guardians": log(HOLDING),
    "stafettlogg:guardian_add": log(HOLDING),
    "stafettlogg:no_others": log(HOLDING),
    "stafettlogg:guardian_check": log(HOLDING, "guardian"),
    "stafettlogg:guardian_contact": log(HOLDING, "guardian"),
    "stafettlogg:guardian_exception": log(HOLDING, "guardian"),
    "stafettlogg:place_code": log(HOLDING, "guardian"),
    "stafettlogg:cut_link": log(HOLDING, "guardian"),
    "stafettlogg:answer_place_code": log(set(), "nowhere"),
    "stafettlogg:guardian_reached": log(HOLDING, "guardian"),
    "stafettlogg:exception_letter": log(set(), "guardian"),
    "stafettlogg:exception_letter_sent": log(set(), "guardian"),
    "stafettlogg:record_care": log(HOLDING),
    "stafettlogg:end_care": log(set(), "nowhere"),
    "stafettlogg:foster_add": log(HOLDING),
    "stafettlogg:foster_answered": log(HOLDING, "foster_place"),
    "stafettlogg:foster_hidden": log(HOLDING, "foster_place"),
    "stafettlogg:foster_end": log(HOLDING, "foster_place"),
    "stafettlogg:child_birth": log(HOLDING),
    "stafettlogg:child_protection": log(HOLDING),
    "stafettlogg:ask_protection_end": log(HOLDING),
    "stafettlogg:end_protection": only({"leader", "leader_opened", "leader_reason_ran_out"}, "log"),
    "stafettlogg:leader_decisions": only({"leader", "leader_opened", "leader_reason_ran_out"}, "log"),
    "stafettlogg:sign_exception": only(set(), "log", "nowhere"),
    "stafettlogg:second_signature": only(set(), "nowhere"),
    "stafettlogg:leader_letter": only(set(), "log", "nowhere"),
    "stafettlogg:leader_letter_sent": only(set(), "log", "nowhere"),
    "stafettlogg:breach_reported": only(set(), "log", "nowhere"),
    "stafettlogg:hide_place": only(HOLDING | {"leader", "leader_opened", "leader_reason_ran_out"}, "log", "guardian"),
    "stafettlogg:prolong_hiding": only(set(), "log", "nowhere"),
    "stafettlogg:end_hiding": only(set(), "log", "nowhere"),
    "stafettlogg:confirm_hiding": only(set(), "log", "nowhere"),
    "stafettlogg:block_guardian": only({"leader", "leader_opened", "leader_reason_ran_out"}, "log", "guardian"),
    "stafettlogg:unblock_guardian": only(set(), "log", "nowhere"),
    # stafettlogg: the family's pages
    "stafettlogg:children": only(CITIZENS),
    "stafettlogg:tell_of_both": family(),
    "stafettlogg:foster_log": only(FOSTER, "log"),
    "stafettlogg:foster_messages": only(FOSTER, "log"),
    "stafettlogg:answer_foster": only(set(), "nowhere"),
    "stafettlogg:leave_own_log": only(set(), "log"),
    "stafettlogg:birth_date": only(CITIZENS),
    "stafettlogg:code": only(CITIZENS),
    "stafettlogg:wish": only(CITIZENS),
    "stafettlogg:wish_sent": only(set(), "nowhere"),
    "stafettlogg:wishes": only(LEADERS),
    "stafettlogg:answer_wish": only(set(), "nowhere"),
    "stafettlogg:parent_log": family(),
    "stafettlogg:answer": only(set(), "log", "nowhere"),
    "stafettlogg:answer_step": only(set(), "log", "nowhere", "one"),
    "stafettlogg:own_consents": family(),
    "stafettlogg:own_readers": only(set(), "log"),
    "stafettlogg:consent_receipt": only(set(), "log", "nowhere"),
    "stafettlogg:consent_receipt_pdf": only(set(), "log", "nowhere"),
    "stafettlogg:dispute": only(set(), "log", "nowhere"),
    "stafettlogg:withdraw_all": family(),
    "stafettlogg:withdraw": family("unit"),
    "stafettlogg:withdraw_own": family("unit"),
    "stafettlogg:withdrawn": family(),
    "stafettlogg:family_messages": family(),
    "stafettlogg:family_correct": family(),
    "stafettlogg:family_people": family(),
    "stafettlogg:family_history": family(),
    "stafettlogg:family_seen": family(),
    "stafettlogg:family_download": family(),
    "stafettlogg:family_close": family(),
    "stafettlogg:family_close_all": family(),
    "stafettlogg:family_undo_close": family(),
    "stafettlogg:answer_change": only(set(), "log", "nowhere"),
    "stafettlogg:withdrawal": only(set(), "log", "nowhere"),
    "stafettlogg:withdrawal_pdf": only(set(), "log", "nowhere"),
}
