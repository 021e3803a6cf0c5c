"""Every page that only the coordinator can walk to: settings, the guide's editor, what was sent."""

import pytest

from tests.page_walk import COORDINATORS, is_coordinators, walk_as

pytestmark = [pytest.mark.browser]


def test_pages_of_coordinator(live_app, page, capsys):
    walked = walk_as(page, live_app.url, "Kari Myhre", list(COORDINATORS), met=set(), within=is_coordinators)

    with capsys.disabled():
        print(f"\npages: {len(walked)} of the coordinator at 1280 and 320 px and in the dark")
    assert len(walked) >= 20
