import re

from django import template
from django.db.models import Model
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, json_script, strip_tags
from django.utils.safestring import SafeString, mark_safe

from apps.core.templatetags.portal import localized
from apps.core.text import LocalizedText
from apps.guides.forms import RichField
from apps.guides.forms.editor_words import editor_words
from apps.guides.forms.rows import DraftForm
from apps.guides.models import GateText, Step, Theme, Tool, Variant

register = template.Library()


@register.simple_tag(takes_context=True)
def editor_media(context: Context, form: DraftForm) -> str:
    """The editor's scripts and styles, its import map with this request's nonce. Nothing for a form of plain texts."""
    if not any(isinstance(field, RichField) for field in form.fields.values()):
        return ""
    words = json_script(editor_words(), "editor-words")
    script = format_html('{}<script src="{}"></script>\n', words, static("js/editor.js"))
    return script + form.media.render(attrs={"nonce": context["request"].csp_nonce})


@register.filter
def preview_address(row: Model) -> str:
    """Where the draft is seen as readers will see it; '' for what is part of several pages."""
    if isinstance(row, GateText):
        return reverse("guides:preview_gate")
    if isinstance(row, Step | Variant):
        return reverse("guides:preview", args=[row.key if isinstance(row, Step) else row.step.key])
    if isinstance(row, Theme | Tool):
        return reverse("guides:preview_theme" if isinstance(row, Theme) else "guides:preview_tool", args=[row.slug])
    return ""


# The numbers that are the same in the whole country, as the texts write them.
_NATIONAL = re.compile(r"(?<!\d)(?:11[023]|116 \d{3}|22 59 13 00)(?!\d)")


@register.filter
def with_numbers(text: LocalizedText | str) -> SafeString:
    """The text, escaped, with its national telephone numbers as links on one line."""
    return mark_safe(_NATIONAL.sub(_link, conditional_escape(localized(text))))  # noqa: S308 -- just escaped


def _link(found: re.Match) -> str:
    number = found[0]
    return format_html('<a href="tel:{}">{}</a>', number.replace(" ", ""), number.replace(" ", "\xa0"))


@register.filter
def as_sentence(text: SafeString) -> SafeString:
    """A heading that runs into a text: with a full stop, when it has no mark of its own."""
    return text if strip_tags(text)[-1:] in "?!." else format_html("{}.", text)
