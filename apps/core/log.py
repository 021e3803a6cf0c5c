"""Logging without personal data: structlog lines where names, addresses, ids and texts have no way in.

Everything goes through one rendering, also Django's, gunicorn's and Celery's own lines. A line names the route, never
the address: an address may hold a key that still opens something. What looks like a person or points at one (e-mail,
eleven digits, ids, query strings) is cut, and an error keeps its files and lines but not its words, since the database
quotes what people wrote. Lines about the pages for suspected violence and for a report to child welfare are dropped.
"""

import re
import traceback
from collections.abc import Mapping
from logging import LogRecord
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

UNLOGGED_PATHS = ("/veileder/vold/", "/veileder/barnevernet/")

_CUT = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<e-post>"),
    (re.compile(r"(?<=/passord/nytt/)[^\s\"']+"), "<nøkkel>"),
    (re.compile(r"(?<=/konto/e-post/)[^\s\"']+"), "<nøkkel>"),
    (re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), "<id>"),
    (re.compile(r"(?<![0-9a-zA-Z])[0-9a-fA-F]{32}(?![0-9a-zA-Z])"), "<id>"),
    (re.compile(r"(?<![0-9a-fA-F])\d{6}[ .-]?\d{5}(?![0-9a-fA-F])"), "<nummer>"),
    (re.compile(r"(?<=\?)[^\s\"']+"), "<søk>"),
)
# Keys that our own lines may carry besides these are cut to nothing rather than trusted.
_KEYS = {
    "event",
    "level",
    "logger",
    "timestamp",
    "request_id",
    "method",
    "route",
    "status",
    "ms",
    "traceback",
    "task",
    "kind",
    "count",
    "code",
    "attempt",
}


def is_unlogged(path: str) -> bool:
    """True for a page that leaves no trace, whatever language prefix or ending it is asked with."""
    return any(unlogged in f"{path}/" for unlogged in UNLOGGED_PATHS)


def cut(text: str) -> str:
    """The text without what looks like a person's address, number or id."""
    for pattern, instead in _CUT:
        text = pattern.sub(instead, text)
    return text


class UnloggedPathFilter:
    """Drops a library's line about a page that leaves no trace (django.request, django.server, gunicorn)."""

    def filter(self, record: LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", "")
        return not (is_unlogged(path) or any(unlogged in record.getMessage() for unlogged in UNLOGGED_PATHS))


def only_known_keys(logger: Any, name: str, event: EventDict) -> EventDict:
    """Our own lines name their request by an id made for it; everything else is cut."""
    known = {key: value for key, value in event.items() if key in _KEYS}
    return {
        key: cut(value) if isinstance(value, str) and key != "request_id" else value for key, value in known.items()
    }


def route_not_address(logger: Any, name: str, event: EventDict) -> EventDict:
    """A library's line with the route where it has the address, and the kind of an error where it has its words."""
    given, record = event.pop("positional_args", None), event.get("_record")
    if record is not None and given:
        route = _route_of(record)
        if isinstance(given, Mapping):  # Celery gives the words of the error as `exc`
            plain: Any = {key: _kind(event) if key == "exc" else _plain(value, route) for key, value in given.items()}
        else:
            plain = tuple(_plain(value, route) for value in given)
        event["event"] = str(record.msg) % plain
    return event


def _route_of(record: LogRecord) -> str:
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return match.view_name if match else "<adresse>"


def _kind(event: EventDict) -> str:
    info = event.get("exc_info")
    return info[0].__name__ if isinstance(info, tuple) and info[0] is not None else "<feil>"


def _plain(value: Any, route: str) -> Any:
    if isinstance(value, BaseException):
        return type(value).__name__
    return route if isinstance(value, str) and value.startswith("/") else value


def traceback_without_words(logger: Any, name: str, event: EventDict) -> EventDict:
    """Files, lines and the kind of error; never its message, never local variables."""
    info = event.pop("exc_info", None)
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0] is not None:
        frames = traceback.extract_tb(info[2])
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        event["traceback"] = " > ".join([*places, info[0].__name__])
    return event


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure() -> None:
    """Make structlog and the standard library share one way out; called once from settings. Safe to repeat."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logging_config(*, level: str = "INFO", as_json: bool = True) -> dict[str, Any]:
    """The value for settings.LOGGING. `as_json` off gives lines for people."""
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"unlogged": {"()": UnloggedPathFilter}},
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "pass_foreign_args": True,
                "processors": [
                    route_not_address,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    traceback_without_words,
                    only_known_keys,
                    renderer,
                ],
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["unlogged"]}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            # Their own handlers would write past the cutting.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "gunicorn.error": {"handlers": [], "level": level, "propagate": True},
            # WeasyPrint names every missing glyph.
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }
