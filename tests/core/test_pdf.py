"""PDFs are made in a real child process; the hostile ones try to reach a real listener and a real file."""

import os
import re
import signal
import socket
import struct
import tempfile
import threading
import time
import zlib

import page
import pytest

from apps.core import pdf
from apps.core.pdf import Limits, PdfFailed

START = '<!doctype html><html lang="nb"><head><title>Plan</title>{head}</head><body><h1>Plan</h1>{body}</body></html>'


def html_of(body="", head=""):
    return START.format(body=body, head=head)


def content_of(made):
    """All streams of the file, opened, with the file itself."""
    parts = [made]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            parts.append(stream)
    return b"\n".join(parts)


def failure_of(html, **limits):
    with pytest.raises(PdfFailed) as caught:
        pdf.make(html, limits=Limits(**limits))
    return caught.value.code


@pytest.fixture
def own_static(settings, tmp_path):
    """A folder that is the only source of static files."""
    settings.STATICFILES_DIRS = [tmp_path]
    return tmp_path


@pytest.fixture
def template(settings, tmp_path):
    """Write `side.html` to where templates are found."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def write(text):
        (tmp_path / "side.html").write_text(text, "utf-8")
        return "side.html"

    return write


def test_a_pdf_is_accessible():
    body = "<h2>Mål</h2><ul><li>Lese mer</li></ul><table><tr><th>Tiltak</th></tr><tr><td>Lesevenn</td></tr></table>"

    made = pdf.make(html_of(body))

    assert page.is_pdf_compliant_bytes(made, profile=page.ValidationProfile.PDF_UA_1)


def test_the_validator_notices_what_is_wrong():
    made = pdf.make("<p>Ingen tittel og ikke noe språk</p>")

    assert not page.is_pdf_compliant_bytes(made, profile=page.ValidationProfile.PDF_UA_1)


def test_render_gives_the_template_its_title_and_language(template):
    name = template(
        '{% load i18n %}<html lang="{{ language }}"><head><title>{{ title }}</title></head>'
        "<body><h1>{{ heading }}</h1><p>{% translate 'January' %}</p></body></html>"
    )

    made = pdf.render(name, {"heading": "Plan for Ola"}, title="Plan", language="nn")

    assert page.is_pdf_compliant_bytes(made, profile=page.ValidationProfile.PDF_UA_1)
    assert b"/Lang" in content_of(made)
    assert b"nn" in re.search(rb"/Lang ?\(([^)]*)\)", content_of(made)).group(1)


def test_what_people_write_is_escaped(template):
    name = template('<html lang="nb"><head><title>{{ title }}</title></head><body><h1>{{ text }}</h1></body></html>')

    made = pdf.render(name, {"text": "<img src='file:///etc/passwd'>"}, title="Plan", language="nb")

    assert made.startswith(b"%PDF-")


def test_the_second_pdf_is_quick():
    pdf.make(html_of())
    started = time.monotonic()
    pdf.make(html_of())

    assert time.monotonic() - started < 5  # 0.06 s on a quiet machine


def test_static_files_are_served(own_static):
    (own_static / "css").mkdir()
    (own_static / "css" / "side.css").write_text("@page { size: 300pt 400pt }")

    made = pdf.make(html_of(head='<link rel="stylesheet" href="/static/css/side.css">'))

    assert re.search(rb"/MediaBox \[0 0 300 400", content_of(made))


class Listener:
    """A web server that counts who comes."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.hits = 0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                visitor, _address = self._socket.accept()
            except OSError:
                return
            self.hits += 1
            visitor.close()

    def stop(self):
        self._socket.close()


@pytest.fixture
def listener():
    listening = Listener()
    yield listening
    listening.stop()


def test_the_listener_hears_a_visitor(listener):
    socket.create_connection(("127.0.0.1", listener.port)).close()
    time.sleep(0.05)

    assert listener.hits == 1


SVG = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='{url}'/></svg>"
PAYLOADS = {
    "image": '<img src="{url}" alt="x">',
    "image set": '<img srcset="{url} 1x" alt="x">',
    "stylesheet": '<link rel="stylesheet" href="{url}">',
    "import": '<style>@import "{url}";</style>',
    "import url": "<style>@import url({url});</style>",
    "background": '<p style="background:url({url})">x</p>',
    "list mark": '<ul style="list-style-image:url({url})"><li>x</li></ul>',
    "border image": '<p style="border-image:url({url}) 30">x</p>',
    "content": "<style>p::before {{ content: url({url}) }}</style><p>x</p>",
    "font": "<style>@font-face {{ font-family: f; src: url({url}) }} p {{ font-family: f }}</style><p>x</p>",
    "svg image": '<svg><title>x</title><image href="{url}" width="9" height="9"/></svg>',
    "svg use": '<svg><title>x</title><use href="{url}#a"/></svg>',
    "svg style": '<svg><title>x</title><style>@import "{url}";</style></svg>',
    "svg in data": f'<img src="{SVG}" alt="x">',
    "object": '<object data="{url}">x</object>',
    "embed": '<embed src="{url}">',
    "frame": '<iframe src="{url}"></iframe>',
    "attachment link": '<link rel="attachment" href="{url}">',
    "attachment anchor": '<a rel="attachment" href="{url}">x</a>',
    "base": '<base href="{url}/"><img src="x.png" alt="x">',
    "refresh": '<meta http-equiv="refresh" content="0;url={url}">',
    "input": '<input type="image" src="{url}" alt="x">',
    "page background": "<style>@page {{ background: url({url}) }}</style>",
    "page margin": "<style>@page {{ @top-left {{ content: url({url}) }} }}</style>",
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_nothing_outside_is_reached(payload, listener, tmp_path):
    canary = tmp_path / "hemmelig.css"
    canary.write_text("hemmelig-kanarifugl")
    urls = [f"http://127.0.0.1:{listener.port}/x.css", canary.as_uri(), f"ftp://127.0.0.1:{listener.port}/x"]
    body = "".join(payload.format(url=url) for url in urls)

    made = content_of(pdf.make(html_of(body)))

    assert listener.hits == 0
    assert b"hemmelig-kanarifugl" not in made
    assert b"/EmbeddedFile" not in made


@pytest.mark.parametrize(
    "path",
    [
        "/static/../hemmelig.css",
        "/static/css/../../hemmelig.css",
        "/static/%2e%2e/hemmelig.css",
        "/static/..%2fhemmelig.css",
        "/static//etc/hemmelig.css",
        "/static/lenke.css",
        "/static/hemmelig.txt",
        "/static/",
        "/hemmelig.css",
        "//localhost:8000/static/../hemmelig.css",
        "http://localhost:8000@127.0.0.1/static/css/side.css",
        "http://localhost:8000.evil.example/static/css/side.css",
        "https://localhost:8000/static/css/side.css",
    ],
)
def test_static_files_are_only_those_in_the_folder(path, tmp_path, settings):
    folder = tmp_path / "static"
    folder.mkdir()
    secret = "@page { size: 111pt 222pt }"
    for name in ("hemmelig.css", "static/hemmelig.txt"):
        (tmp_path / name).write_text(secret)
    (folder / "lenke.css").symlink_to(tmp_path / "hemmelig.css")
    settings.STATICFILES_DIRS = [folder]

    made = pdf.make(html_of(head=f'<link rel="stylesheet" href="{path}">'))

    assert not re.search(rb"MediaBox .0 0 111 222", content_of(made))


def test_the_child_knows_no_secrets():
    pdf.make(html_of())
    with open(f"/proc/{pdf._server._process.pid}/environ", "rb") as file:
        names = {entry.split(b"=")[0] for entry in file.read().split(b"\0") if entry}

    assert names <= {b"PATH", b"HOME", b"LANG", b"LC_CTYPE"}


def test_too_much_text_is_refused_at_once():
    started = time.monotonic()

    assert failure_of(html_of("a" * 1_000_000)) == "too_large"
    assert time.monotonic() - started < 1


def test_a_slow_page_is_given_up():
    pdf.make(html_of())
    rows = "<table>" + "<tr><td>a<td>b<td>c" * 3_000 + "</table>"
    started = time.monotonic()

    assert failure_of(html_of(rows), seconds=1) == "too_slow"
    assert time.monotonic() - started < 5


def test_many_empty_lines_are_given_up_within_their_time():
    assert failure_of(html_of("<pre>" + "\n" * 200_000 + "</pre>"), seconds=1) == "too_slow"


def test_lists_inside_each_other_are_too_deep():
    assert failure_of(html_of("<ul><li>" * 300)) == "too_deep"


def test_a_page_that_wants_too_much_memory_is_given_up():
    rows = "<table>" + "<tr><td>a<td>b<td>c" * 1_000 + "</table>"

    assert failure_of(html_of(rows), megabytes=64) in ("too_large", "failed")


def test_a_very_long_word_is_set():
    assert pdf.make(html_of("a" * 200_000)).startswith(b"%PDF-")


@pytest.mark.parametrize("code", ["too_large", "too_slow", "too_deep", "busy", "failed"])
def test_a_failure_speaks_to_people(code):
    assert str(pdf._failure(code)).endswith(".")


def test_the_web_process_goes_on_after_failures():
    failure_of(html_of("<ul><li>" * 300))

    assert pdf.make(html_of()).startswith(b"%PDF-")


def test_the_server_is_started_again_when_it_died():
    pdf.make(html_of())
    process = pdf._server._process
    process.kill()
    process.wait(timeout=5)

    assert pdf.make(html_of()).startswith(b"%PDF-")
    assert pdf._server._process.pid != process.pid


def test_a_broken_connection_to_the_server_is_made_again():
    pdf.make(html_of())
    pdf._server._control.close()

    assert pdf.make(html_of()).startswith(b"%PDF-")


def test_a_server_that_hangs_is_not_waited_for():
    pdf.make(html_of())
    os.kill(pdf._server._process.pid, signal.SIGSTOP)
    try:
        assert failure_of(html_of(), seconds=-4.8) == "too_slow"  # five seconds of grace come on top
    finally:
        os.kill(pdf._server._process.pid, signal.SIGCONT)


def children():
    server = pdf._server._process.pid
    with open(f"/proc/{server}/task/{server}/children") as file:
        return [int(pid) for pid in file.read().split()]


def wait_until(condition):
    for _ in range(500):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("It never happened.")


def test_a_child_that_dies_fails_one_pdf_only():
    """SIGKILL as from the kernel when memory is short: the child is found as the server's only one."""
    pdf.make(html_of())
    wait_until(lambda: not children())
    rows = html_of("<table>" + "<tr><td>a<td>b<td>c" * 3_000 + "</table>")
    codes = []
    thread = threading.Thread(target=lambda: codes.append(failure_of(rows)))
    thread.start()
    wait_until(children)
    os.kill(children()[0], signal.SIGKILL)
    thread.join(timeout=10)

    assert codes == ["failed"]
    assert pdf.make(html_of()).startswith(b"%PDF-")


def test_several_at_once_are_all_made():
    made = []
    threads = [threading.Thread(target=lambda: made.append(pdf.make(html_of("<p>æøå</p>")))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [file[:5] for file in made] == [b"%PDF-"] * 6


def test_few_are_made_at_once_and_the_others_do_not_wait_long(monkeypatch):
    monkeypatch.setattr(pdf, "PATIENCE", 0.2)
    pdf.make(html_of())
    os.kill(pdf._server._process.pid, signal.SIGSTOP)
    codes = []
    threads = [
        threading.Thread(target=lambda: codes.append(failure_of(html_of(), seconds=-3))) for _ in range(pdf.AT_ONCE)
    ]
    try:
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        started = time.monotonic()

        assert failure_of(html_of()) == "busy"
        assert time.monotonic() - started < 1
    finally:
        os.kill(pdf._server._process.pid, signal.SIGCONT)
        for thread in threads:
            thread.join()

    assert len(codes) == pdf.AT_ONCE
    assert pdf.make(html_of()).startswith(b"%PDF-")


def test_a_disk_without_room_is_a_failed_pdf(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/proc/nowhere")

    assert failure_of(html_of()) == "failed"


def test_the_server_ends_with_the_web_process():
    pdf.make(html_of())
    process = pdf._server._process
    pdf._server.stop()

    assert process.returncode == 0


def test_weasyprint_is_not_loaded_in_the_web_process():
    import subprocess
    import sys

    code = "import sys; import apps.core.pdf; sys.exit('weasyprint' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_font_from_static_is_used(own_static):
    """An invented font file is refused by the parser, and the page is made with another one."""
    (own_static / "f.woff2").write_bytes(struct.pack(">4sI", b"wOF2", 0) + b"\0" * 64)
    style = "<style>@font-face { font-family: f; src: url(/static/f.woff2) } body { font-family: f }</style>"

    assert pdf.make(html_of("<p>æøå</p>", head=style)).startswith(b"%PDF-")
