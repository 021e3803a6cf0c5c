from apps.stafettlogg.models.access import ConsentWindow, LogAccess
from apps.stafettlogg.models.consents import (
    Consent,
    ConsentAnswer,
    ConsentExceptionGrant,
    ConsentRequest,
    ConsentText,
)
from apps.stafettlogg.models.handovers import Deputy, Handover
from apps.stafettlogg.models.logs import Child, Guardian, Log, LogWish, ProtectionEnd, RepeatRequest
from apps.stafettlogg.models.messages import LogEvent, Message
from apps.stafettlogg.models.participants import Invitation
from apps.stafettlogg.models.plan import ChildVoice, Evaluation, Goal, LevelChange, Measure, MeasureReview

__all__ = [
    "Child",
    "ChildVoice",
    "Consent",
    "ConsentAnswer",
    "ConsentExceptionGrant",
    "ConsentRequest",
    "ConsentText",
    "ConsentWindow",
    "Deputy",
    "Evaluation",
    "Goal",
    "Guardian",
    "Handover",
    "Invitation",
    "LevelChange",
    "Log",
    "LogAccess",
    "LogEvent",
    "LogWish",
    "Measure",
    "MeasureReview",
    "Message",
    "ProtectionEnd",
    "RepeatRequest",
]
