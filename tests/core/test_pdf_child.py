"""The parts of the child that can be tried without a child."""

import pytest

from apps.core import pdf_child


@pytest.fixture
def fetcher(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "side.css").write_text("p { color: red }")
    return pdf_child.StaticOnly("https://bti.solvik.example/", "/static/", [tmp_path / "tom", tmp_path])


def job(body):
    return {
        "html": f'<html lang="nb"><title>Plan</title><body>{body}</body></html>',
        "base_url": "https://bti.solvik.example/",
        "static_url": "/static/",
        "static_folders": [],
    }


@pytest.mark.parametrize("rest", ["", "?v=1", "#a"])
def test_a_static_file_is_read_from_disk(fetcher, rest):
    answer = fetcher.fetch(f"https://bti.solvik.example/static/css/side.css{rest}")

    assert (answer.read(), answer.content_type) == (b"p { color: red }", "text/css")


@pytest.mark.parametrize(
    "url",
    [
        "https://bti.solvik.example/static/css/mangler.css",
        "https://bti.solvik.example/static/css/",
        "https://bti.solvik.example/static/css/side.html",
        "https://bti.solvik.example/static/../side.css",
        "https://bti.solvik.example/static/%63ss/side.css",
        "https://bti.solvik.example/css/side.css",
        "https://evil.example/static/css/side.css",
        "http://bti.solvik.example/static/css/side.css",
        "file:///etc/passwd",
        "data:text/css,p{}",
        "",
    ],
)
def test_every_other_address_is_refused(fetcher, url):
    with pytest.raises(ValueError, match="static file"):
        fetcher.fetch(url)
    with pytest.raises(ValueError, match="static file"):
        fetcher(url)


def test_an_answer_is_the_pdf():
    assert pdf_child.answer(job("<h1>Plan</h1>")).startswith(b"+%PDF-")


def test_an_answer_is_the_code_of_what_went_wrong(capsys):
    answers = [pdf_child.answer(job("<ul><li>" * 400)), pdf_child.answer({})]

    assert answers == [b"-too_deep", b"-failed"]
    assert capsys.readouterr().err == "pdf: KeyError\n"
