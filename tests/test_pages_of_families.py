"""Every page that a guardian and a youth can walk to: whoever is asked, and whoever follows."""

import pytest

from tests.page_walk import walk_as

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize(("name", "least"), [("Ola Nordmann", 10), ("Sander Vik", 8)])
def test_pages_of_guardian_and_youth(live_app, page, capsys, name, least):
    walked = walk_as(page, live_app.url, name, ["/barna-dine/"], met=set())

    with capsys.disabled():
        print(f"\npages: {len(walked)} of {name} at 1280 and 320 px and in the dark")
    assert len(walked) >= least
