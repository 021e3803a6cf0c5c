"""Every address says which methods it takes: a page, a form or a button. Anything else is 405, whoever asks.

The refusal comes before anything is looked up, so it says nothing about what exists; strangers are sent to sign in.
"""

import pytest
from django.test import Client

from tests import matrix
from tests.test_access_matrix import NAMES
from tests.world import make_world

PAGE, FORM, BUTTON = "GET, HEAD", "GET, HEAD, POST", "POST"
NEVER = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
ASKING = ("anonymous", "holder", "coordinator", "guardian", "stranger_citizen")

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def client_of(world, persona):
    client = Client(raise_request_exception=False)
    if world.people[persona] is not None:
        client.force_login(world.people[persona], backend="apps.accounts.adapters.PortalBackend")
    return client


def test_a_method_nobody_declared_is_refused(world):
    wrong = []
    for persona in ASKING:
        client = client_of(world, persona)
        for name in NAMES:
            for method in NEVER:
                response = client.generic(method, matrix.url(name, world))
                if not is_refused(response) and not is_sent_to_sign_in(response, persona):
                    wrong.append(f"{persona} {method} {name}: {response.status_code}")
    assert wrong == [], "\n".join(wrong)


def test_an_address_is_a_page_a_form_or_a_button(world):
    """What it allows is one of three, so a page that can be read can also be asked for with HEAD."""
    client = client_of(world, "coordinator")
    allowed = {name: client.generic("PUT", matrix.url(name, world)).headers.get("Allow") for name in NAMES}

    assert {name: allow for name, allow in allowed.items() if allow not in (PAGE, FORM, BUTTON)} == {}


def test_a_refused_method_is_the_same_for_a_log_that_is_not_there(world):
    client = client_of(world, "stranger_citizen")
    there, nowhere = world.log.pk, matrix.NOWHERE
    names = [name for name in NAMES if "log" in matrix.VERDICTS[name].args]
    answers = [client.generic("DELETE", matrix.url(name, world)) for name in names]
    others = [client.generic("DELETE", matrix.url(name, world).replace(str(there), str(nowhere))) for name in names]

    def shown(response):
        return response.status_code, response.content, response.headers.get("Allow")

    assert [shown(answer) for answer in answers] == [shown(other) for other in others]
    assert len(names) > 40


def is_refused(response) -> bool:
    return response.status_code == 405 and response.content == b""


def is_sent_to_sign_in(response, persona) -> bool:
    return persona == "anonymous" and response.status_code == 302 and "/konto/logg-inn/" in response.headers["Location"]
