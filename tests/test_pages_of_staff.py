"""Every page that a stafettholder and a leader can walk to: each kind as the one who reaches it first."""

import pytest

from tests.page_walk import walk_as

pytestmark = [pytest.mark.browser]
# Where from, and how many kinds of pages are met first by this person, at least.
PEOPLE = {
    "Ane Solheim": (["/arbeidet-ditt/", "/varsler/", "/konto/profil/", "/logger/"], 30),  # stafettholder
    "Lars Bakken": (["/leder/", "/ansatte/"], 8),  # leader
}


def test_pages_of_stafettholder_and_leader(live_app, pages, capsys):
    met: set[str] = set()
    for name, (start, least) in PEOPLE.items():
        walked = walk_as(pages.open(), live_app.url, name, start, met=met)
        with capsys.disabled():
            print(f"\npages: {len(walked)} first met by {name} at 1280 and 320 px and in the dark")
        assert len(walked) >= least
