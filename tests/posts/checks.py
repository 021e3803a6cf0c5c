"""What must hold for the answer to any post, good or bad."""

import html
import re
import time
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from apps.core.written import as_written
from tests.crawl import Answer
from tests.posts.bad import Post
from tests.posts.every_form import EveryForm, FormOnPage
from tests.posts.forms import Form, given_back

STATUSES = {200, 204, 302, 400, 403, 404, 405, 409, 410, 413, 422, 429}
SHOWN_AGAIN = {200, 409, 422}
# A read leaves a row in the read audit; a session notes that it is used; rate limits are counted.
MAY_BE_WRITTEN = {"audit_readevent", "core_browsersession", "core_cache"}
WRITE = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
COOKIES = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, "utkast", "messages"}
RAW = (b"<script>alert(", b"<img src=x onerror", b"onerror=alert(1)>")
TELLING = (
    "Traceback (most recent",
    "psycopg",
    "django.core.exceptions",
    'File "/',
    "DoesNotExist",
    settings.SECRET_KEY,
)
HEADERS = {"X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy", "Referrer-Policy"}
# Where what is typed is not for keeping: the sign-in, and the button that throws a draft away. (A robot that fills in
# the hidden field of the feedback is thanked and forgotten.)
NOT_KEPT = {
    "account_login",
    "account_reset_password",
    "account_set_password",
    "core:discard_draft",
    "core:delete_draft",
    "stafettlogg:list",  # a search is kept in the session, and stands in the box again
}
# Wrong birth dates are counted (safety.md S8).
COUNTED = {"stafettlogg:birth_date": {"stafettlogg_guardian", "stafettlogg_historicalguardian"}}
SLOWEST = 3.0
_LOST_ON_THE_WAY = re.compile("[\0\ufffd\ud800-\udfff]")


@dataclass
class Verdict:
    answer: Answer
    changed: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def send(every_form: EveryForm, target: FormOnPage, post: Post) -> Verdict:
    """One post, judged; its effects are undone. A bare savepoint: the read audit refuses to run inside `atomic()`."""
    visitor, form = every_form.visitors[target.persona], target.form
    body, content_type = post.encoded()
    before, cookies, started = transaction.savepoint(), deepcopy(visitor.client.cookies), time.process_time()
    with _writes() as written:
        answer = visitor.ask(form.url, "POST", body=body, content_type=content_type)
    verdict = Verdict(answer, seconds=time.process_time() - started)
    after = {table: _rows(table) for table in written}
    _undo(before)
    verdict.changed = {table for table in written if after[table] != _rows(table)}
    visitor.client.cookies = cookies
    verdict.wrong = [
        *_in_itself(answer, verdict.seconds),
        *_saved(verdict, target.route),
        *_lost(verdict, target.route, form, post),
    ]
    verdict.wrong += _shown_unread(answer, every_form, post)
    return verdict


def send_twice(every_form: EveryForm, target: FormOnPage, post: Post) -> tuple[Answer, Answer, set[str]]:
    """Both answers, and what the second post changed; all is undone."""
    visitor, form = every_form.visitors[target.persona], target.form
    body, content_type = post.encoded()
    before, cookies = transaction.savepoint(), deepcopy(visitor.client.cookies)
    with _writes() as written:
        first = visitor.ask(form.url, "POST", body=body, content_type=content_type)
        visitor.client.cookies = deepcopy(cookies)
        between = {table: _rows(table) for table in connection.introspection.table_names()}
        second = visitor.ask(form.url, "POST", body=body, content_type=content_type)
    changed = {table for table in written if between[table] != _rows(table)}
    _undo(before)
    visitor.client.cookies = cookies
    return first, second, changed


def _undo(savepoint) -> None:
    """Also let go of it: thousands inside each other are more than the database keeps."""
    transaction.savepoint_rollback(savepoint)
    transaction.savepoint_commit(savepoint)


@contextmanager
def _writes():
    """The tables that statements inside write to, whether it lasts or not."""
    tables: set[str] = set()

    def note(execute, sql, *rest):
        if (found := WRITE.match(sql)) and found[1] not in MAY_BE_WRITTEN:
            tables.add(found[1])
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield tables


def _rows(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return sorted(str([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor.fetchall())


def _in_itself(answer: Answer, seconds: float):
    response = answer.response
    if answer.status not in STATUSES:
        yield f"answered {answer.status}"
    yield from (f"{raw.decode()} is markup" for raw in RAW if raw in response.content)
    yield from (f"tells {word!r}" for word in TELLING if word in answer.text)
    yield from (f"no {header}" for header in HEADERS - set(response.headers))
    yield from (f"sets the cookie {name}" for name in set(response.cookies) - COOKIES)
    if answer.method == "POST" and answer.status == 200 and 'class="p-errors"' in answer.text:
        yield "says what is wrong, and answers 200"
    location = urlsplit(response.headers.get("Location", "/").replace("\\", "/"))
    if location.scheme or location.netloc:
        yield f"leads to {location.netloc}"
    if seconds > SLOWEST:
        yield f"took {seconds:.1f} s of CPU"


def _saved(verdict: Verdict, route: str):
    if verdict.answer.status not in (204, 302) and verdict.changed - COUNTED.get(route, set()):
        yield f"answered {verdict.answer.status} and changed {sorted(verdict.changed)}"


def _lost(verdict: Verdict, route: str, form: Form, post: Post):
    """What was typed comes back with the page, or is saved."""
    typed = {name: post.typed.get(name, "") for name, found in form.fields.items() if found.is_typed}
    typed = {name: _plain(value) for name, value in typed.items() if [value] != form.fields[name].values}
    typed = {name: value for name, value in typed.items() if value}
    if route in NOT_KEPT or not typed or (route == "guides:feedback" and post.typed.get("website")):
        return
    answer = verdict.answer
    if answer.status == 302 and not verdict.changed:
        yield f"led away and saved nothing of {sorted(typed)}"
    if answer.status in SHOWN_AGAIN:
        back = {_plain(value) for value in given_back(answer.text)}
        page = _plain(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))
        yield from (f"loses {name}" for name, value in typed.items() if value not in back and value not in page)


def _plain(text: str) -> str:
    return " ".join(as_written(_LOST_ON_THE_WAY.sub("", text)).split())


def _shown_unread(answer: Answer, every_form: EveryForm, post: Post):
    """A child's name on the page needs its row in the read audit, committed before the page was made."""
    for name, log in every_form.log_of.items():
        was_sent = any(name in value for _name, value in post.pairs)
        if answer.shows(name) and not was_sent and not answer.was_read_before_rendering(log):
            yield f"shows {name} without a row in the read audit"
