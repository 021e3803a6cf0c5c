import re

import pytest
from django.conf import settings

from apps.core import icons
from apps.core.templatetags.portal import STATUS, icon


def test_icons_named_are_the_icons_drawn():
    sprite = (settings.BASE_DIR / "static" / "img" / "icons.svg").read_text("utf-8")

    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == icons.NAMES


def test_icon_each_status_has_a_mark():
    assert {f"status-{code}" for code in STATUS} <= icons.MARKS


def test_icon_is_decoration_from_the_shared_file():
    assert icon("bell") == (
        '<svg class="p-icon" aria-hidden="true" focusable="false"><use href="/static/img/icons.svg#bell"/></svg>'
    )


def test_icon_unknown_name_is_refused():
    with pytest.raises(ValueError, match="no icon named 'bel'"):
        icon("bel")
