"""The process that makes PDFs. Started by `core.pdf`; the only place that imports WeasyPrint, and no Django at all.

`python -m apps.core.pdf_child <fd>`: each message on the control socket carries one connection; a forked child reads
the job from it (JSON to the end of the stream) and answers `+<pdf>` or `-<code>`.
"""

import json
import mimetypes
import os
import re
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import weasyprint
from weasyprint.urls import URLFetcher, URLFetcherResponse

_KINDS = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}
_FORBIDDEN = (
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
)


class StaticOnly(URLFetcher):
    """Serves the portal's own static files from disk and nothing else: no network, no `file:`, no `data:`."""

    def __init__(self, base_url, static_url, folders):
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._prefix = base_url.rstrip("/") + static_url
        self._folders = [Path(folder).resolve() for folder in folders]

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The file. Raises `ValueError` for everything else; WeasyPrint goes on without it."""
        name = urlsplit(url)._replace(query="", fragment="").geturl().removeprefix(self._prefix)
        kind = _KINDS.get(Path(name).suffix)
        if not url.startswith(self._prefix) or kind is None or not re.fullmatch(r"[\w./-]+", name, re.ASCII):
            raise ValueError("This address is not one of the portal's static files.")
        for folder in self._folders:
            path = (folder / name).resolve()
            if path.is_relative_to(folder) and path.is_file():
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
        raise ValueError("There is no such static file.")


def write_pdf(job: dict[str, Any]) -> bytes:
    fetcher = StaticOnly(job["base_url"], job["static_url"], job["static_folders"])
    page = weasyprint.HTML(string=job["html"], base_url=job["base_url"], url_fetcher=fetcher)
    # Only what the style sheet gives `appearance: auto` becomes a field to fill in.
    return page.write_pdf(pdf_variant="pdf/ua-1", pdf_forms=True)


def answer(job: dict[str, Any]) -> bytes:
    """`+` and the PDF, or `-` and the code of what went wrong."""
    try:
        return b"+" + write_pdf(job)
    except RecursionError:
        return b"-too_deep"
    except MemoryError:
        return b"-too_large"
    except Exception as error:
        print(f"pdf: {type(error).__name__}", file=sys.stderr)  # noqa: T201 -- the kind of error only, never its words
        return b"-failed"


def work(connection: socket.socket) -> None:  # pragma: no cover -- runs in the child only; tests/core/test_pdf.py
    """One job in a forked child. The alarm ends it whatever it is doing."""
    with connection, connection.makefile("rb") as stream:
        job = json.loads(stream.read())
        limit(job)
        connection.sendall(answer(job))


def limit(job: dict[str, Any]) -> None:  # pragma: no cover -- runs in the child only; tests/core/test_pdf.py
    signal.setitimer(signal.ITIMER_REAL, job["seconds"])
    memory = job["megabytes"] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tempfile.tempdir = job["folder"]
    sys.addaudithook(_refuse)


def _refuse(event, arguments):  # pragma: no cover -- runs in the child only; tests/core/test_pdf.py
    if event in _FORBIDDEN:
        raise PermissionError(event)


def serve(control: socket.socket) -> None:  # pragma: no cover -- runs in the child only; tests/core/test_pdf.py
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, descriptors, _flags, _address = socket.recv_fds(control, 16, 1)
        if not message:
            return
        connection = socket.socket(fileno=descriptors[0])
        if os.fork() == 0:
            try:
                control.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                work(connection)
            finally:
                os._exit(0)
        connection.close()


def warm_up() -> None:  # pragma: no cover -- runs in the child only; tests/core/test_pdf.py
    """Load what the first PDF loads: fonts, the tagging, the pattern for hyphens."""
    mimetypes.init()
    weasyprint.HTML(string='<html lang="nb"><title>.</title><h1>Æøå</h1><p>.</p>').write_pdf(pdf_variant="pdf/ua-1")


if __name__ == "__main__":  # pragma: no cover -- runs in the child only; tests/core/test_pdf.py
    warm_up()
    serve(socket.socket(fileno=int(sys.argv[1])))
