"""A page that asks «are you sure» leads back to the page it came from, by «Avbryt» and by «Du er her» alike."""

import re

import pytest
from django.test import Client

from tests import matrix
from tests.markup import markup
from tests.test_access_matrix import NAMES
from tests.world import make_world

pytestmark = pytest.mark.django_db
CRUMBS = re.compile(r'<nav class="p-crumbs".*?</nav>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)">([^<]+)</a>')
CANCEL = re.compile(r'href="([^"]+)">Avbryt</a>')


def test_every_page_that_asks_once_more_leads_back_to_where_it_came_from():
    world = make_world()
    found, wrong = set(), []
    for persona in ("holder", "participant", "leader", "coordinator"):
        client = Client()
        client.force_login(world.people[persona], backend="apps.accounts.adapters.PortalBackend")
        for name in NAMES:
            response = client.get(matrix.url(name, world))
            if "core/confirm.html" not in [template.name for template in getattr(response, "templates", [])]:
                continue
            found.add(name)
            page = markup(response)
            (back,) = CANCEL.findall(page)
            url, label = LINK.findall(CRUMBS.search(page)[0])[-1]
            if url != back or not label.strip() or client.get(back).status_code != 200:
                wrong.append(f"{persona} {name}: «Avbryt» leads to {back}, «{label}» to {url}")

    assert wrong == [], "\n".join(wrong)
    assert len(found) >= 4, found
