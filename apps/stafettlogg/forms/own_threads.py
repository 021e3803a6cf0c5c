"""What is written in a thread about a guardian herself (S3)."""

from django import forms
from django.utils.translation import gettext_lazy

from apps.core.forms import FreeTextField, PortalForm
from apps.stafettlogg.rules.own_threads import LONGEST


class OwnMessageForm(PortalForm, forms.Form):
    """To the other two, who are named above the box."""

    text = FreeTextField(label=gettext_lazy("Beskjed"), max_length=LONGEST)
