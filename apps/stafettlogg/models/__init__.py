from apps.stafettlogg.models.access import LogAccess
from apps.stafettlogg.models.address_protection import ProtectionEnd
from apps.stafettlogg.models.care import CareDecision
from apps.stafettlogg.models.children import Child
from apps.stafettlogg.models.closing import ClosingWish
from apps.stafettlogg.models.consents import (
    Consent,
    ConsentAnswer,
    ConsentRequest,
    ConsentText,
    ConsentWithdrawal,
)
from apps.stafettlogg.models.deputies import Deputy
from apps.stafettlogg.models.evaluations import Evaluation, LevelChange, MeasureReview
from apps.stafettlogg.models.events import LogEvent
from apps.stafettlogg.models.exceptions import ConsentExceptionGrant, ContactAttempt
from apps.stafettlogg.models.foster import FosterPlace
from apps.stafettlogg.models.guardians import Guardian
from apps.stafettlogg.models.handovers import Handover
from apps.stafettlogg.models.hidden_places import HiddenPlace
from apps.stafettlogg.models.interpreters import InterpreterWish
from apps.stafettlogg.models.letters import FamilyLetter
from apps.stafettlogg.models.links import LinkCut, PlaceCode
from apps.stafettlogg.models.logs import Log
from apps.stafettlogg.models.messages import Correction, Message
from apps.stafettlogg.models.own_threads import OwnMessage, OwnThread
from apps.stafettlogg.models.participants import Invitation
from apps.stafettlogg.models.plan import Goal, Measure
from apps.stafettlogg.models.repeats import RepeatRequest
from apps.stafettlogg.models.text_approvals import TextApproval
from apps.stafettlogg.models.voices import ChildVoice
from apps.stafettlogg.models.windows import ConsentWindow
from apps.stafettlogg.models.wishes import LogWish

__all__ = [
    "CareDecision",
    "Child",
    "ChildVoice",
    "ClosingWish",
    "Consent",
    "ConsentAnswer",
    "ConsentExceptionGrant",
    "ConsentRequest",
    "ConsentText",
    "ConsentWindow",
    "ConsentWithdrawal",
    "ContactAttempt",
    "Correction",
    "Deputy",
    "Evaluation",
    "FamilyLetter",
    "FosterPlace",
    "Goal",
    "Guardian",
    "Handover",
    "HiddenPlace",
    "InterpreterWish",
    "Invitation",
    "LevelChange",
    "LinkCut",
    "Log",
    "LogAccess",
    "LogEvent",
    "LogWish",
    "Measure",
    "MeasureReview",
    "Message",
    "OwnMessage",
    "OwnThread",
    "PlaceCode",
    "TextApproval",
    "ProtectionEnd",
    "RepeatRequest",
]
