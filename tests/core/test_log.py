import io
import json
import logging
import logging.config
import uuid

import pytest
import structlog
from django.test import Client

from apps.core import log


@pytest.fixture
def lines():
    """Everything that is logged, as the installation writes it."""
    stream = io.StringIO()
    config = log.logging_config(as_json=True)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.config.DictConfigurator(config).configure_formatter(config["formatters"]["lines"]))
    handler.addFilter(log.UnloggedPathFilter())
    loggers = [logging.getLogger("tests.log"), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("skriv til kari.nordvik+x@solvik.example nå", "skriv til <e-post> nå"),
        ("Not Found: /logger/0f8fad5b-d9cb-469f-a165-70867728950e/plan/", "Not Found: /logger/<id>/plan/"),
        ("fødselsnummer 08881588057", "fødselsnummer <nummer>"),
        ("088815 88057", "<nummer>"),
        ('"GET /sok/?q=Ola&x=1 HTTP/1.1" 200', '"GET /sok/?<søk> HTTP/1.1" 200'),
        ("Not Found: /logger/0f8fad5bd9cb469fa16570867728950e/", "Not Found: /logger/<id>/"),
        ("Not Found: /konto/passord/nytt/1a2b-cxyz-9f8e7d/", "Not Found: /konto/passord/nytt/<nøkkel>"),
        ("12 rader på 345 ms", "12 rader på 345 ms"),
    ],
)
def test_what_points_at_a_person_is_cut(text, cut):
    assert log.cut(text) == cut


def test_lines_of_libraries_are_cut_too(lines):
    logging.getLogger("tests.log").warning("Not Found: %s", f"/logger/{uuid.uuid4()}/")
    logging.getLogger("tests.log").warning(f"Skriv til kari@solvik.example om {uuid.uuid4()}")

    assert [(line["event"], line["level"]) for line in lines()] == [
        ("Not Found: <adresse>", "warning"),
        ("Skriv til <e-post> om <id>", "warning"),
    ]


KEY = "/konto/passord/nytt/1a2b3c4d5e6f47a8b9c0d1e2f3a4b5c6-cxyz12-0123456789abcdef0123456789abcdef/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("OPTIONS", KEY, "Method Not Allowed (OPTIONS): account_reset_password_from_key"),
        ("PUT", KEY, "Forbidden (CSRF cookie not set.): account_reset_password_from_key"),
        ("PROPFIND", KEY, "Forbidden (CSRF cookie not set.): account_reset_password_from_key"),
        ("POST", KEY, "Forbidden (CSRF cookie not set.): account_reset_password_from_key"),
        ("GET", "/invitasjoner/Emma-Nordmann/", "Not Found: <adresse>"),
    ],
)
def test_a_refused_address_is_named_by_its_route(lines, method, path, said):
    """A key that was in a refused address still opens what it is for."""
    Client(enforce_csrf_checks=True).generic(method, path)

    assert [line["event"] for line in lines() if line["logger"].startswith("django.")] == [said]
    assert [line for line in lines() if path.strip("/") in json.dumps(line)] == []


def test_an_error_of_a_task_is_named_by_its_kind(lines):
    told = {"name": "a.task", "id": "1", "description": "raised unexpected", "exc": "ValueError('Ola Nordmann')"}
    try:
        raise ValueError("Ola Nordmann")
    except ValueError as error:
        logging.getLogger("tests.log").error("Task %(name)s %(description)s: %(exc)s", told, exc_info=True)
        logging.getLogger("tests.log").error("Task handler raised error: %r", error)

    assert [line["event"] for line in lines()] == [
        "Task a.task raised unexpected: ValueError",
        "Task handler raised error: 'ValueError'",
    ]
    assert "Ola" not in json.dumps(lines())


def test_unknown_keys_never_come_out(lines):
    structlog.get_logger("tests.log").info("sent", kind="consent_expiring", recipient="Kari Nordvik", email="k@b.no")

    assert set(lines()[0]) == {"event", "kind", "level", "logger", "timestamp"}


def test_a_traceback_keeps_places_and_drops_words(lines):
    try:
        raise ValueError("Ola Nordmann kan ikke være to steder")
    except ValueError:
        logging.getLogger("tests.log").exception("Det feilet")

    line = lines()[0]
    assert line["traceback"].endswith("ValueError")
    assert "test_log.py" in line["traceback"]
    assert "Ola" not in json.dumps(line)


def test_an_exception_given_by_hand_is_treated_alike(lines):
    structlog.get_logger("tests.log").error("failed", exc_info=KeyError("Ola"))

    assert lines()[0]["traceback"] == "KeyError"


def test_a_line_without_an_exception_has_no_traceback():
    assert log.traceback_without_words(None, "info", {"event": "x", "exc_info": None}) == {"event": "x"}


@pytest.mark.parametrize(
    "message",
    ["Not Found: /veileder/vold/", '"GET /veileder/vold/ HTTP/1.1" 200', "Method Not Allowed (POST): /veileder/vold/"],
)
def test_lines_about_the_gate_are_dropped(lines, message):
    logging.getLogger("tests.log").warning(message)

    assert lines() == []


def test_lines_with_a_request_for_the_gate_are_dropped(lines, rf):
    logging.getLogger("tests.log").error("Internal Server Error", extra={"request": rf.get("/veileder/vold/")})
    logging.getLogger("tests.log").error("Internal Server Error", extra={"request": rf.get("/veileder/n1s1/")})

    assert [line["event"] for line in lines()] == ["Internal Server Error"]


@pytest.mark.parametrize(
    ("path", "unlogged"),
    [
        *(("/veileder/vold/", True), ("/veileder/vold", True), ("/veileder/barnevernet/", True)),
        *(("/veileder/", False), ("/veileder/voldsomt/", False), ("/veileder/barnevernsvakt/", False)),
    ],
)
def test_only_the_gate_and_the_report_are_unlogged(path, unlogged):
    assert log.is_unlogged(path) is unlogged


@pytest.mark.parametrize("as_json", [True, False])
def test_the_configuration_is_one_the_standard_library_accepts(as_json):
    config = log.logging_config(level="WARNING", as_json=as_json)

    handler = logging.config.DictConfigurator(config)
    handler.configure_formatter(dict(config["formatters"]["lines"]))

    assert config["root"] == {"handlers": ["lines"], "level": "WARNING"}
    assert config["loggers"]["django"]["handlers"] == []
