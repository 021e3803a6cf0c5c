"""What a browser does with a page, for tests that send forms back."""

import html
import re


def hidden_in(response):
    """The hidden fields of a page, as a browser would send them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', response.text)
    return {name: html.unescape(value) for name, value in found}
