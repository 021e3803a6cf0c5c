import pytest
from django.utils.translation import gettext_lazy, override

from apps.core.text import LocalizedText, casefold, clean_html, plain_text


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p>Hei <strong>du</strong> og <em>deg</em><br></p>", "<p>Hei <strong>du</strong> og <em>deg</em><br></p>"),
        ("<ul><li>en</li></ul><ol><li>to</li></ol>", "<ul><li>en</li></ul><ol><li>to</li></ol>"),
        ("<h3>Tittel</h3>", "<h3>Tittel</h3>"),
        ("<h1>Stor</h1><h2>Mindre</h2>", "StorMindre"),
        ("<script>alert(1)</script>etter", "etter"),
        ("<style>p{color:red}</style>etter", "etter"),
        ("<img src=https://x.example/a.png onerror=alert(1)>", ""),
        ('<p class="a" id="b" style="color:red" onclick="x()">t</p>', "<p>t</p>"),
        ('<a href="https://bufdir.no/x">l</a>', '<a href="https://bufdir.no/x" rel="noopener noreferrer">l</a>'),
        ('<a href="tel:116111">ring</a>', '<a href="tel:116111" rel="noopener noreferrer">ring</a>'),
        ('<a href="mailto:a@b.no">skriv</a>', '<a href="mailto:a@b.no" rel="noopener noreferrer">skriv</a>'),
        ('<a href="http://x.example">l</a>', '<a rel="noopener noreferrer">l</a>'),
        ('<a href="javascript:alert(1)">l</a>', '<a rel="noopener noreferrer">l</a>'),
        ('<a href="JaVaScRiPt:alert(1)">l</a>', '<a rel="noopener noreferrer">l</a>'),
        ('<a href="java&#09;script:alert(1)">l</a>', '<a rel="noopener noreferrer">l</a>'),
        ('<a href="data:text/html,<script>1</script>">l</a>', '<a rel="noopener noreferrer">l</a>'),
        ('<a href="//evil.example" target="_blank">l</a>', '<a rel="noopener noreferrer">l</a>'),
        ('<a href="/\\\\evil.example">l</a>', '<a rel="noopener noreferrer">l</a>'),
        ('<a href="/&#9;/evil.example">l</a>', '<a rel="noopener noreferrer">l</a>'),
        ('<a href="evil.html">l</a>', '<a rel="noopener noreferrer">l</a>'),
        ('<a href="/veileder/">l</a>', '<a href="/veileder/" rel="noopener noreferrer">l</a>'),
        ('<a href="#hvordan">l</a>', '<a href="#hvordan" rel="noopener noreferrer">l</a>'),
        ("<svg><a href='javascript:alert(1)'>x</a></svg>", ""),
        ("<iframe src=https://x.example></iframe>", ""),
        ("<form action=/x><input name=a></form>", ""),
        ("<math><mtext></mtext></math>", ""),
        ("<template><p>skjult</p></template>", ""),
        ("før<!-- kommentar -->etter", "føretter"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<p>uten slutt", "<p>uten slutt</p>"),
        ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "&lt;p title=''&gt;"),
    ],
)
def test_clean_html_keeps_only_what_is_on_the_list(html, cleaned):
    assert clean_html(html) == cleaned


def test_clean_html_is_safe_to_repeat():
    once = clean_html('<p>a &amp; b <a href="https://x.example/?a=1&b=2">l</a></p>')

    assert clean_html(once) == once


def test_plain_text_gives_one_line_per_paragraph():
    assert plain_text("<p>En  <strong>to</strong></p><ul><li>tre &amp; fire</li><li>fem</li></ul>") == (
        "En to\ntre & fire\nfem"
    )


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Åse   NORDVIK ", "åse nordvik"),
        ("A\u030ase", "åse"),  # å written as a and a ring
        ("STRASSE ß", "strasse ss"),
        ("Đorđe", "đorđe"),
        ("", ""),
    ],
)
def test_casefold_makes_equal_what_people_see_as_equal(text, folded):
    assert casefold(text) == folded


@pytest.mark.parametrize(
    ("texts", "active", "shown", "language", "is_fallback"),
    [
        ({"nb": "uke", "nn": "veke"}, "nb", "uke", "nb", False),
        ({"nb": "uke", "nn": "veke"}, "nn", "veke", "nn", False),
        ({"nb": "uke", "nn": "veke"}, "en", "uke", "nb", True),
        ({"nn": "veke"}, "en", "veke", "nn", True),
        ({"nb": "uke", "en": ""}, "en", "uke", "nb", True),
        ({}, "en", "", "en", False),
        ({"en": "week", "nb": "uke"}, "en-gb", "week", "en", False),
    ],
)
def test_localized_text_shows_the_active_language_or_says_it_is_another(texts, active, shown, language, is_fallback):
    text = LocalizedText(texts)

    with override(active):
        assert (str(text), text.language, text.is_fallback) == (shown, language, is_fallback)


def test_localized_text_without_an_active_language_is_bokmal():
    with override(None):
        assert str(LocalizedText({"nb": "uke", "nn": "veke"})) == "uke"


def test_localized_text_is_equal_by_content():
    text = LocalizedText({"nb": "uke", "en": ""})

    assert text == {"nb": "uke"}
    assert text == LocalizedText({"nb": "uke"})
    assert text != "uke"
    assert hash(text) == hash(LocalizedText({"nb": "uke"}))
    assert (bool(text), len(text), repr(text)) == (True, 3, "LocalizedText({'nb': 'uke'})")
    assert not LocalizedText({"nb": ""})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, {}),
        ("uke", {"nb": "uke"}),
        (gettext_lazy("uke"), {"nb": "uke"}),
        ({"nn": "veke"}, {"nn": "veke"}),
        (LocalizedText({"nn": "veke"}), {"nn": "veke"}),
    ],
)
def test_localized_text_is_made_from_what_people_give(value, expected):
    assert LocalizedText.of(value).as_dict() == expected


@pytest.mark.parametrize("value", [1, ["uke"], {"nb": 1}, {1: "uke"}])
def test_localized_text_refuses_other_values(value):
    with pytest.raises(TypeError):
        LocalizedText.of(value)
