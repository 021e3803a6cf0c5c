from django import template

from apps.guides.forms import RichField

register = template.Library()


@register.simple_tag(takes_context=True)
def editor_media(context, form):
    """The editor's scripts and styles, its import map with this request's nonce. Nothing for a form of plain texts."""
    if not any(isinstance(field, RichField) for field in form.fields.values()):
        return ""
    return form.media.render(attrs={"nonce": context["request"].csp_nonce})
