from django import template
from django.templatetags.static import static
from django.utils.html import format_html

from apps.guides.forms import RichField

register = template.Library()


@register.simple_tag(takes_context=True)
def editor_media(context, form):
    """The editor's scripts and styles, its import map with this request's nonce. Nothing for a form of plain texts."""
    if not any(isinstance(field, RichField) for field in form.fields.values()):
        return ""
    names = format_html('<script src="{}"></script>\n', static("js/editor.js"))
    return names + form.media.render(attrs={"nonce": context["request"].csp_nonce})
