"""S13 and S22: nothing beside the page says which child, service or subject: jobs, log lines, file names, e-mail."""

import inspect
import io
import logging
import logging.config
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.core import log as portal_log
from apps.notifications.services import sweep_outbox
from apps.stafettlogg.models import Consent, ConsentAnswer
from apps.stafettlogg.services.consent_texts import load_start_texts
from bti_portal.celery import SCHEDULE, app
from tests import crawl
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import page_of, signed_in
from tests.test_safety import DAY
from tests.world import MARK, make_world

pytestmark = pytest.mark.django_db
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
GATE = [
    *("/veileder/vold/", "/veileder/vold", "/en/veileder/vold/", "/veileder/vold/?lang=en", "/veileder/vold/x.css"),
    *("/veileder/barnevernet/", "/veileder/barnevernet"),
]


@pytest.fixture(autouse=True)
def _texts():
    load_start_texts(now=timezone.now() - DAY)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def written():
    """What the installation writes in its log, from here on, as one text."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    config = portal_log.logging_config(as_json=True)
    handler.setFormatter(logging.config.DictConfigurator(config).configure_formatter(config["formatters"]["lines"]))
    handler.addFilter(portal_log.UnloggedPathFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream.getvalue
    root.removeHandler(handler)


def says_who(words: str, world) -> list[str]:
    """What of a text points at the child, her family, the service or a person; ids too, since they lead there."""
    log, people = world.log, [user for user in world.people.values() if user]
    names = [MARK, log.unit.name, *(user.name for user in people), *(user.email for user in people)]
    names += [guardian.name for guardian in log.guardians]
    return [name for name in {*names} - {""} if name in words] + ID.findall(words)


def portal_tasks() -> dict:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def test_s22_no_task_takes_an_argument_and_the_schedule_gives_none():
    tasks = portal_tasks()

    assert set(tasks) >= {entry["task"] for entry in SCHEDULE.values()}
    assert {name: list(inspect.signature(task.run).parameters) for name, task in tasks.items()} == dict.fromkeys(
        tasks, []
    )
    assert [name for name, entry in SCHEDULE.items() if entry.get("args") or entry.get("kwargs")] == []
    assert [name for name, entry in SCHEDULE.items() if set(entry) - {"task", "schedule", "options"}] == []


def test_s22_address_takes_ids_days_and_the_guides_own_words_only():
    """`who` is a guardian's id or «ungdom»; ids and whole numbers are left out, the rest are the portal's own words."""
    words = {
        (name, type(converter).__name__)
        for _route, entry in crawl.routes()
        for name, converter in entry.pattern.converters.items()
        if type(converter).__name__ not in ("UUIDConverter", "IntConverter")
    }

    own = {(name, "SlugConverter") for name in ("key", "kind", "outcome_key", "slug", "who")}
    # A link in an e-mail holds a token, which says nothing and is spent by a press (S29).
    assert words == own | {("step_key", "StepKey"), ("token", "StringConverter")}


def test_s22_log_of_a_run_says_nothing_of_whom_it_was_about(world, written):
    log, people = world.log, world.people
    logs.make_goal(log, actor=people["holder"])
    for persona, names in {
        "holder": ("detail", "plan", "messages", "participants", "consents", "history", "seen", "summary_pdf"),
        "participant": ("detail", "plan"),
        "guardian": ("parent_log", "own_consents", "family_people", "family_seen", "family_download"),
        "leader": ("detail",),
        "stranger_employee": ("detail",),
    }.items():
        client = signed_in(people[persona])
        for name in names:
            client.get(page_of(name, log.pk))
        client.post(page_of("family_messages", log.pk), {"to": "all", "text": f"{MARK} vil leke"})
        client.post(page_of("list"), {"q": MARK}, follow=True)
        client.get(f"{page_of('list')}?q={MARK}&navn={people['guardian'].email}")
    for task in portal_tasks().values():
        task.run()

    lines = written().splitlines()
    assert len(lines) > 30
    assert [line for line in lines if says_who(line, world)] == []


@pytest.mark.parametrize("path", GATE)
def test_s13_gate_is_in_no_log_line_and_no_read_audit_whoever_asks(world, written, path):
    before = ReadEvent.objects.count()

    for client in (Client(), signed_in(world.people["holder"]), signed_in(world.people["guardian"])):
        for ask in (client.get, client.head, client.post):
            ask(path)

    assert ([line for line in written().splitlines() if "vold" in line], ReadEvent.objects.count()) == ([], before)


def test_s13_s22_there_are_no_metrics_to_count_in():
    """Whoever adds a library that counts requests must take the gate out of it, and say so here."""
    wanted = (Path(settings.BASE_DIR) / "requirements.in").read_text("utf-8").casefold()
    counters = ("prometheus", "statsd", "opentelemetry", "sentry", "newrelic", "datadog", "matomo", "plausible")

    assert [name for name in counters if name in wanted or any(name in used for used in settings.INSTALLED_APPS)] == []
    assert [route for route, _entry in crawl.routes() if re.search("metric|stats", route)] == []


def test_s22_file_names_of_documents_are_of_a_kind_and_not_of_a_child(world):
    log, people = world.log, world.people
    given = ConsentAnswer.objects.filter(request__log=log, guardian__user=people["guardian"]).first()
    asked = Consent.objects.filter(log=log, guardian__user=people["guardian"]).first()
    documents = {
        "summary": (people["holder"], page_of("summary_pdf", log.pk)),
        "copy": (people["holder"], page_of("receipt_copy", log.pk, given.pk)),
        "paper": (people["holder"], page_of("consent_paper", log.pk, asked.request_id, asked.guardian_id)),
        "download": (people["guardian"], page_of("family_download", log.pk)),
        "receipt": (people["guardian"], page_of("consent_receipt_pdf", log.pk, given.pk)),
    }
    found = {name: signed_in(user).get(address) for name, (user, address) in documents.items()}

    names = {name: response.headers.get("Content-Disposition", "") for name, response in found.items()}
    served = {name for name, response in found.items() if response.headers["Content-Type"] == "application/pdf"}
    assert served >= {"summary", "download", "receipt", "copy"}
    assert {name: says_who(header, world) for name, header in names.items()} == dict.fromkeys(names, [])


def test_s22_no_header_of_an_email_says_whom_it_is_about(world):
    sweep_outbox()

    assert len(mail.outbox) > 3
    for email in mail.outbox:
        headers = dict(email.message().items())
        recipient = headers.pop("To")
        message_id = headers.pop("Message-ID")
        assert set(headers) == {
            "Content-Type",
            "MIME-Version",
            "Content-Transfer-Encoding",
            "Subject",
            "From",
            "Date",
            "Auto-Submitted",
        }
        assert says_who(" ".join(headers.values()), world) == []
        assert recipient in email.to
        assert str(world.log.pk) not in message_id
        assert str(world.log.child_id) not in message_id
