"""Accessible PDF (PDF/UA-1) from a template, made in a process of its own.

The first PDF starts a small server (`core.pdf_child`) with WeasyPrint loaded; for each PDF it forks a child with limits
on time and memory, no network, no secrets in its environment, and no files but the portal's own stylesheets, fonts and
drawings. Whatever happens in there, the web process goes on.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.errors import PdfFailed

__all__ = ["Limits", "PdfFailed", "make", "render"]


AT_ONCE = 2  # of the web process's four threads
PATIENCE = 5  # seconds that one waits for its turn
_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Limits:
    """`characters` of HTML, `seconds` of wall clock, `megabytes` of address space."""

    characters: int = 1_000_000
    seconds: float = 20
    megabytes: int = 512


def render(template_name: str, context: dict[str, Any], *, title: str, language: str) -> bytes:
    """The template as PDF/UA-1 bytes. It gets `title` and `language` besides its context.

    The template is a whole page with `<html lang="{{ language }}">` and `<title>{{ title }}</title>`; stylesheets and
    drawings come by `{% static %}`. Raises `PdfFailed` within about 20 seconds.
    """
    with override(language):
        html = render_to_string(template_name, {**context, "title": title, "language": language})
    return make(html)


def make(html: str, *, limits: Limits | None = None) -> bytes:
    """HTML as PDF/UA-1 bytes. Raises `PdfFailed` (too_large, too_slow, too_deep, busy, failed), whatever went wrong.

    A few at a time: a PDF that takes its time must not take the threads that answer everyone else.
    """
    limits = limits or Limits()
    if len(html) > limits.characters:
        raise _failure("too_large")
    if not _turns.acquire(timeout=PATIENCE):
        raise _failure("busy")
    try:
        return _make(html, limits)
    except OSError as error:  # a full disk, no more processes or open files
        raise _failure("failed") from error
    finally:
        _turns.release()


def _make(html: str, limits: Limits) -> bytes:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="portal-pdf-") as folder:
        job = {
            "html": html,
            "base_url": f"{settings.BASE_URL}/",
            "static_url": settings.STATIC_URL,
            "static_folders": [str(path) for path in (*settings.STATICFILES_DIRS, settings.STATIC_ROOT)],
            "folder": folder,
            **asdict(limits),
        }
        answer = _server.ask(json.dumps(job).encode(), seconds=limits.seconds + 5)
    if answer[:1] == b"+":
        return answer[1:]
    if answer[:1] == b"-":
        raise _failure(answer[1:].decode())
    raise _failure("too_slow" if time.monotonic() - started >= limits.seconds else "failed")


def _failure(code):
    words = {
        "too_large": _("Det er for mye innhold til én PDF. Velg et kortere tidsrom."),
        "busy": _("Mange lager PDF akkurat nå. Vent et minutt, og prøv igjen."),
        "too_slow": _("PDF-en tok for lang tid å lage. Velg et kortere tidsrom, eller prøv igjen om litt."),
        "too_deep": _("Innholdet har for mange lister inni hverandre til å bli PDF."),
    }
    return PdfFailed(code, words.get(code, _("PDF-en kunne ikke lages. Prøv igjen om litt.")))


class _Server:
    """The process that forks the children; one per web process, started when first needed and again if it died."""

    def __init__(self):
        self._lock = threading.Lock()
        self._owner: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def ask(self, job, *, seconds):
        """Send the job; give the whole answer, or b"" when the child died or the time ran out."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._hand_over(theirs)
            ours.settimeout(seconds)
            try:
                ours.sendall(job)
                ours.shutdown(socket.SHUT_WR)
                return self._read_all(ours, until=time.monotonic() + seconds)
            except OSError:
                return b""

    def stop(self):
        with self._lock:
            self._stop()

    def _read_all(self, connection, *, until):
        parts = []
        while part := connection.recv(1 << 16):
            parts.append(part)
            connection.settimeout(max(until - time.monotonic(), 0.01))
        return b"".join(parts)

    def _hand_over(self, connection):
        with self._lock:
            for attempt in (1, 2):
                try:
                    socket.send_fds(self._running(), [b"job"], [connection.fileno()])
                    return
                except OSError:
                    self._stop()
                    if attempt == 2:
                        raise _failure("failed") from None

    def _running(self) -> socket.socket:
        """The control socket of the server, started now when it does not run in this process."""
        if self._owner != os.getpid() or self._process is None or self._process.poll() is not None:
            return self._start()
        return self._control or self._start()

    def _start(self) -> socket.socket:
        self._stop()
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 -- our own module, no words from outside
                [sys.executable, "-m", "apps.core.pdf_child", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=settings.BASE_DIR,
                env={name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control, self._owner = control, os.getpid()
        return control

    def _stop(self):
        """Closing the control socket is the server's sign to end. After a fork the process is the parent's to end."""
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._owner == os.getpid():
            self._process.wait(timeout=5)
        self._control = self._process = self._owner = None


_server = _Server()
atexit.register(_server.stop)
