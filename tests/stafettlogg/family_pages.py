"""Walking the family's pages in tests, as a guardian or youth does."""

import re

from django.test import Client
from django.urls import reverse

from apps.stafettlogg.models import ConsentRequest
from tests.markup import markup

_CHANGING = re.compile(
    r'(name="csrfmiddlewaretoken" value=")[^"]*|(name="form_key" value=")[^"]*|(name="form_mark" value=")[^"]*'
    r'|(nonce=")[^"]*'
)
_OWN_ROW = re.compile(r"<li>(?:(?!</li>).)*?>Deg</span>.*?</li>", re.DOTALL)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def plain(response) -> str:
    """The page without what is new in every form, and without how often the reader has been here herself."""
    page = _CHANGING.sub(lambda match: next(g for g in match.groups() if g), markup(response))
    return _OWN_ROW.sub("", page)


def main_of(response) -> str:
    """The page between its header, where notices are counted, and its footer."""
    return plain(response).partition("<main")[2].partition("</main>")[0]


def page_of(name, *args) -> str:
    return reverse(f"stafettlogg:{name}", args=args)


def newest_request(log, about="child") -> ConsentRequest:
    """The newest round about the child, or (`about` own) the newest question to a guardian about herself."""
    return ConsentRequest.objects.filter(log=log, about=about).order_by("-number").first()


def walk_to_summary(client, log, choices, *, limits="", interpreter="nei", about="child") -> str:
    """Fill in steps 1 to 3; the address of step 4. `choices`: unit, or the key of what was asked → yes or no."""
    request = newest_request(log, about)
    step = [page_of("answer_step", log.pk, request.pk, number) for number in (1, 2, 3, 4)]
    assert client.post(step[0]).status_code == 302
    answers = {str(getattr(what, "pk", what)): "ja" if yes else "nei" for what, yes in choices.items()}
    response = client.post(step[1], answers)
    assert response.status_code == 302, response.content.decode()
    assert client.post(step[2], {"limits": limits, "interpreter": interpreter}).status_code == 302
    return step[3]
