"""The lean floor: sessions, sign-in, hand-written SQL with the access filter in it, audit rows in one INSERT.

It shows and writes what bench/floor.py does, with nothing of the portal but its tables: what Django costs above that is
to be seen beside it.
"""

from datetime import timedelta
from html import escape
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import path
from django.utils import timezone

from apps.core.crypto import decrypt, encrypt

ROWS, EVENTS, CARDS = 25, 5, 6
# A row that holds now, as apps/stafettlogg/access.py says it.
FROM_ROWS = """
    FROM stafettlogg_logaccess a
    JOIN stafettlogg_log l ON l.id = a.content_object_id
    JOIN stafettlogg_child c ON c.id = l.child_id
    LEFT JOIN stafettlogg_consentwindow w ON w.id = a.window_id
    LEFT JOIN accounts_membership m ON m.id = a.membership_id
    LEFT JOIN municipality_unit u ON u.id = m.unit_id
    WHERE a.user_id = %(user)s AND a.starts_at <= %(now)s AND a.ends_at > %(now)s AND l.status <> 'removed'
        AND (m.id IS NULL OR (m.first_day <= %(today)s AND m.last_day >= %(today)s))
        AND (w.id IS NULL OR (w.valid_from <= %(now)s AND (w.basis = 'consent' AND w.valid_until > %(now)s
            OR a.kind IN ('holder', 'deputy') AND (w.valid_until > %(now)s OR w.shell_until > %(now)s))))
"""
# What the audit and a card ask of a log: the first eight are the audit's and the card's address.
LOG = """
    SELECT l.id, l.child_id, a.kind, m.title, m.unit_id, u.name, c.given_name, c.birth_date, l.level, l.status,
        l.evaluation_due_day, w.valid_until
"""
HELD = f"""{LOG}{FROM_ROWS} AND a.kind IN ('holder', 'deputy') AND l.status <> 'closed'
    ORDER BY l.evaluation_due_day NULLS LAST, c.search_name, l.id LIMIT %(most)s"""
ONE = f"""{LOG}, c.family_name, l.reason, l.background, hu.name{
    FROM_ROWS.replace(
        "WHERE",
        '''
    JOIN stafettlogg_logaccess h ON h.id = l.holder_id
    JOIN accounts_membership hm ON hm.id = h.membership_id
    JOIN municipality_unit hu ON hu.id = hm.unit_id
    WHERE''',
    )
} AND l.id = %(log)s LIMIT 1"""
FIRST_DUE = """
    SELECT t.log_id, min(t.due_day) FROM stafettlogg_measure t JOIN stafettlogg_goal g ON g.id = t.goal_id
    WHERE t.log_id = ANY(%(logs)s) AND g.log_id = ANY(%(logs)s) AND g.status = 'open'
        AND t.status IN ('not_started', 'ongoing') GROUP BY t.log_id"""
SOON = """
    SELECT t.log_id, t.due_day, t.id, t.title FROM stafettlogg_measure t JOIN stafettlogg_goal g ON g.id = t.goal_id
    WHERE t.log_id = ANY(%(logs)s) AND g.log_id = ANY(%(logs)s) AND g.status = 'open'
        AND t.status IN ('not_started', 'ongoing') AND t.due_day <= %(soon)s"""
WAITING = """
    SELECT log_id, NULL::date, 'heard' FROM stafettlogg_childvoice WHERE log_id = ANY(%(near)s)
    UNION ALL SELECT k.log_id, r.last_day, 'ring' FROM stafettlogg_consent k
        JOIN stafettlogg_consentrequest r ON r.id = k.request_id
        WHERE k.log_id = ANY(%(logs)s) AND k.state = 'waiting' AND r.cancelled_at IS NULL
    UNION ALL SELECT log_id, valid_until::date, 'ask anew' FROM stafettlogg_consentwindow
        WHERE log_id = ANY(%(logs)s) AND valid_until > %(now)s AND valid_until < %(later)s
    UNION ALL SELECT i.log_id, NULL, 'answer' FROM stafettlogg_invitation i
        JOIN accounts_membership m ON m.id = i.to_membership_id WHERE i.state = 'invited' AND m.user_id = %(user)s
    UNION ALL SELECT h.log_id, NULL, 'answer' FROM stafettlogg_handover h
        JOIN accounts_membership m ON m.id = h.to_membership_id WHERE h.state = 'offered' AND m.user_id = %(user)s
    UNION ALL SELECT d.log_id, NULL, 'answer' FROM stafettlogg_deputy d
        JOIN accounts_membership m ON m.id = d.membership_id WHERE d.state = 'offered' AND m.user_id = %(user)s"""
PLAN = """
    SELECT g.id, g.title, t.id, t.title, t.id, t.note, g.status, t.status, r.name, t.place, t.due_day, v.effect
    FROM stafettlogg_measure t
    JOIN stafettlogg_goal g ON g.id = t.goal_id LEFT JOIN accounts_user r ON r.id = t.responsible_id
    LEFT JOIN stafettlogg_measurereview v ON v.measure_id = t.id
    WHERE t.log_id = %(log)s ORDER BY g.order, t.order"""
HOLDERS = """
    SELECT p.name, m.title, u.name, a.starts_at FROM stafettlogg_logaccess a JOIN accounts_user p ON p.id = a.user_id
    JOIN accounts_membership m ON m.id = a.membership_id JOIN municipality_unit u ON u.id = m.unit_id
    WHERE a.content_object_id = %(log)s AND a.kind IN ('holder', 'deputy')
        AND a.starts_at <= %(now)s AND a.ends_at > %(now)s"""
VOICE = """
    SELECT id, text, id, told_to, told_day FROM stafettlogg_childvoice WHERE log_id = %(log)s
    ORDER BY written_at DESC LIMIT 1"""
HAPPENED = """
    SELECT n.id, n.text, e.kind, e.at, p.name FROM stafettlogg_logevent e LEFT JOIN accounts_user p ON p.id = e.actor_id
    LEFT JOIN stafettlogg_message n ON n.id = e.object_id
    WHERE e.log_id = %(log)s ORDER BY e.at DESC, e.id DESC LIMIT %(most)s"""
CONSENTS = """
    SELECT u.name, w.valid_until, g.name, g.relation, k.state, k.answered_at, s.limits FROM stafettlogg_consent k
    JOIN municipality_unit u ON u.id = k.unit_id LEFT JOIN stafettlogg_guardian g ON g.id = k.guardian_id
    LEFT JOIN stafettlogg_consentanswer s ON s.id = k.answer_id
    LEFT JOIN stafettlogg_consentwindow w ON w.log_id = k.log_id AND w.unit_id = k.unit_id
    WHERE k.log_id = %(log)s"""
AUDIT = """
    INSERT INTO audit_readevent (at, action, side, actor_id, actor_name, actor_protected, role_name, unit_id, unit_name,
        log_id, child_id, what, ground, request_id) VALUES """
MESSAGE = """
    INSERT INTO stafettlogg_message (id, log_id, author_id, author_line, audience, thread_youth, text, written_at)
    VALUES (%(message)s, %(log)s, %(user)s, %(line)s, 'all', false, %(text)s, %(now)s)"""
EVENT = """
    INSERT INTO stafettlogg_logevent (log_id, kind, at, actor_id, audience, about_youth, unit_name, object_id)
    VALUES (%(log)s, 'message', %(now)s, %(user)s, 'all', false, '', %(message)s)"""


# What a page of a log shows, and which of its first columns are encrypted.
PARTS = (
    (PLAN, ("stafettlogg.goal.title", "stafettlogg.measure.title", "stafettlogg.measure.note")),
    (HOLDERS, ()),
    (VOICE, ("stafettlogg.childvoice.text", "stafettlogg.childvoice.told_to")),
    (HAPPENED, ("stafettlogg.message.text",)),
    (CONSENTS, ()),
)


@login_required
def start(request: HttpRequest) -> HttpResponse:
    values = _values(request, most=1_000)
    logs = _rows(HELD, values)
    by_id = {log[0]: log for log in logs}
    today = values["today"]
    near = [log for log in logs if log[10] and log[10] <= today + timedelta(days=7)]
    values |= {"logs": list(by_id), "near": [log[0] for log in near], "soon": today + timedelta(days=3)}
    waiting = _rows(WAITING, values | {"later": values["now"] + timedelta(days=31)})
    heard = {log for log, _day, title in waiting if title == "heard"}
    tasks = [
        (log, day, decrypt("stafettlogg.measure.title", pk, title)) for log, day, pk, title in _rows(SOON, values)
    ] + [(log[0], log[10], "evaluate") for log in near]
    tasks += [(log[0], log[10], "hear the child") for log in near if log[0] not in heard]
    tasks += [task for task in waiting if task[2] != "heard"]
    shown = {log for log, _day, _title in tasks} | {log[0] for log in logs[:CARDS]}
    _record(request, [by_id[log] for log in shown], "listed", "start", values)
    lines = "".join(
        f'<li><a href="/logger/{log}/">{escape(title)} {escape(by_id[log][6])}</a> {day}</li>'
        for log, day, title in tasks
    )
    cards = "".join(_card(log, None) for log in logs[:CARDS])
    return HttpResponse(f"<p>{escape(request.user.name)}</p><ul>{lines}</ul><ul>{cards}</ul>")


@login_required
def log_list(request: HttpRequest) -> HttpResponse:
    values = _values(request, most=ROWS)
    logs = _rows(HELD, values)
    first = dict(_rows(FIRST_DUE, {"logs": [log[0] for log in logs]}))
    _record(request, logs, "listed", "list", values)
    cards = "".join(_card(log, first.get(log[0])) for log in logs)
    return HttpResponse(f"<p>{escape(request.user.name)}</p><ul>{cards}</ul>")


def _card(log, first_due) -> str:
    pk, _child, kind, _title, _unit, _name, given, born, level, status, evaluation, until = log
    return (
        f'<li><a href="/logger/{pk}/">{escape(given)}</a> {born} {level} {status} {kind} {evaluation} {first_due}'
        f" {until}</li>"
    )


@login_required
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    values = _values(request, log=pk, most=EVENTS)
    log = _opened(request, values, "detail")
    parts = "".join(
        f"<p>{escape(' '.join(map(str, _opened_texts(row, texts))))}</p>"
        for statement, texts in PARTS
        for row in _rows(statement, values)
    )
    name = escape(f"{log[6]} {log[12]}")
    return HttpResponse(
        f"<p>{escape(request.user.name)}</p><h1>{name}</h1>"
        f"<p>{log[7]} {escape(log[15])} {log[8]} {log[9]} {log[10]}</p>"
        f"<p>{escape(decrypt('stafettlogg.log.reason', pk, log[13]))}</p>"
        f"<p>{escape(decrypt('stafettlogg.log.background', pk, log[14]))}</p>{parts}"
    )


@login_required
def post(request: HttpRequest, pk: UUID) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse(f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">')
    values = _values(request, log=pk)
    log = _opened(request, values, "messages")
    message = uuid4()
    text = encrypt("stafettlogg.message.text", message, request.POST["text"])
    values |= {"message": message, "line": f"{log[3]}, {log[5]}", "text": text}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MESSAGE, values)
        cursor.execute(EVENT, values)
    return HttpResponseRedirect(request.path)


def _opened_texts(row: tuple, texts: tuple[str, ...]) -> list:
    """The row with its encrypted texts opened: they stand first, each after the id of its row."""
    sealed = zip(texts, row[::2], row[1::2], strict=False)
    return [decrypt(context, pk, text) for context, pk, text in sealed if text] + list(row[2 * len(texts) :])


def _values(request, **more) -> dict:
    now = timezone.now()
    return {"user": request.user.pk, "now": now, "today": timezone.localdate(now), **more}


def _rows(statement: str, values: dict) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _opened(request, values: dict, what: str) -> tuple:
    found = _rows(ONE, values)
    if not found:
        raise Http404
    _record(request, found, "opened", what, values)
    return found[0]


def _record(request, logs, action: str, what: str, values: dict) -> None:
    user, now, parameters = request.user, values["now"], []
    for pk, child, kind, title, unit, unit_name, *_rest in logs:
        parameters += [now, action, "staff", user.pk, user.name, user.protected_identity, title, unit, unit_name]
        parameters += [pk, child, what, kind, ""]
    with connection.cursor() as cursor:
        cursor.execute(AUDIT + ", ".join([f"({', '.join(['%s'] * 14)})"] * len(logs)), parameters)


urlpatterns = [
    path("arbeidet-ditt/", start),
    path("logger/", log_list),
    path("logger/<uuid:pk>/", detail),
    path("logger/<uuid:pk>/beskjeder/", post),
]
