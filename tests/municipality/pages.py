"""The coordinator's pages in tests: their addresses, and their forms as a browser sends them."""

from django.urls import reverse


def url(name, *args):
    return reverse(f"municipality:{name}", args=args)


def filled(form, **changes):
    """What a browser sends when the form is left as it was, but for the changes."""
    entries = {}
    for bound in form:
        value = bound.value()
        widget = bound.field.widget
        if hasattr(widget, "decompress"):
            parts = value if isinstance(value, list) else widget.decompress(value)
            entries |= {f"{bound.html_name}{s}": text for s, text in zip(widget.widgets_names, parts, strict=True)}
        elif value is True:
            entries[bound.html_name] = "on"
        elif value is not None and value is not False:
            entries[bound.html_name] = value
    return entries | changes
