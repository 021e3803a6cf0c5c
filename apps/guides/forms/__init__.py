from apps.guides.forms.feedback import FeedbackForm, HandleForm
from apps.guides.forms.gate import gate_form
from apps.guides.forms.rows import DraftForm, PublishForm, RichField
from apps.guides.forms.steps import StepWaysForm, ThemeForm
from apps.guides.forms.tools import ToolForm

__all__ = [
    "DraftForm",
    "FeedbackForm",
    "HandleForm",
    "PublishForm",
    "RichField",
    "StepWaysForm",
    "ThemeForm",
    "ToolForm",
    "gate_form",
]
