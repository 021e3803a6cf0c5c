"""`{% load municipality %}`: the municipality's own words."""

from django import template

from apps.municipality import selectors

register = template.Library()


@register.simple_tag
def term(key, form="indefinite", capital=False):
    """`{% term "stafettlogg" "definite" %}` → «stafettloggen»; forms: indefinite, definite, plural, plural_definite.

    `capital=True` begins with a capital letter. `{% term … as word %}` for a placeholder in a whole sentence.
    """
    text = selectors.word(key, form)
    return text[:1].upper() + text[1:] if capital else text
