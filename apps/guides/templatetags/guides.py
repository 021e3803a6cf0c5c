from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def editor_media(context, form):
    """The editor's scripts and styles, its import map with this request's nonce."""
    return form.media.render(attrs={"nonce": context["request"].csp_nonce})
