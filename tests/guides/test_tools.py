"""The tools: accessible PDFs made from the guide's content, edited section by section."""

import io

import page as pdf_check
import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from apps.core.errors import RuleBroken
from apps.guides import rules, selectors, services
from apps.guides.models import Tool
from apps.guides.views.papers import tool_pdf
from tests.core.test_pdf import content_of
from tests.guides.factories import address_of, body, send
from tests.municipality.pages import filled

pytestmark = pytest.mark.django_db
UA = pdf_check.ValidationProfile.PDF_UA_1


@pytest.fixture
def tool(guide):
    return Tool.objects.get(slug="undringsnotat")


def sections_of(tool):
    return Tool.objects.get(pk=tool.pk).sections


def test_every_tool_is_an_accessible_pdf(guide):
    tools = selectors.tools_of(guide)

    wrong = [tool.slug for tool in tools if not pdf_check.is_pdf_compliant_bytes(tool_pdf(tool), profile=UA)]

    assert (len(tools), wrong) == (21, [])


def test_tool_is_downloaded_by_anyone_in_her_language(guide):
    visitor = Client()
    bokmal = visitor.get("/veileder/verktoy/undringsnotat.pdf")
    visitor.post("/sprak/", {"language": "nn"})
    nynorsk = visitor.get("/veileder/verktoy/undringsnotat.pdf")

    assert bokmal.headers["Content-Disposition"] == 'attachment; filename="undringsnotat.pdf"'
    assert {"Cookie", "Accept-Language"} <= set(bokmal.headers["Vary"].split(", "))
    assert (b"(nb)" in content_of(bokmal.content), b"(nn)" in content_of(nynorsk.content)) == (True, True)
    assert visitor.get("/veileder/verktoy/noe.pdf").status_code == 404


def test_list_of_tools_links_to_all(guide, editor):
    page = body(editor.get("/veileder/verktoy/"))

    assert [tool.slug for tool in selectors.tools_of(guide) if f"/veileder/verktoy/{tool.slug}.pdf" not in page] == []


def test_no_tool_of_level_0_asks_who_the_child_is(guide):
    tools = [tool for tool in Tool.objects.all() if 0 in tool.levels]

    for tool in tools:
        rules.check_asks_for_no_child(tool.levels, tool.sections)

    assert len(tools) > 3


@pytest.mark.parametrize(
    "words",
    ["Barnets navn", "Navn på barnet", "Elevens fulle navn", "Namnet til barnet", "Fødselsnummer", "Name of the child"],
)
def test_asking_who_the_child_is_at_level_0_is_refused(words):
    section = {"heading": {"nb": "Om saken"}, "items": [{"nb": words}]}

    with pytest.raises(RuleBroken) as broken:
        rules.check_asks_for_no_child([0, 1], [section])

    rules.check_asks_for_no_child([1], [section])
    assert broken.value.code == "asks_for_child"


def test_section_is_changed_added_moved_and_taken_away(editor, tool):
    old = sections_of(tool)
    new = len(old) + 1
    changes = {
        "part1_heading_nb": "Hva så jeg?",
        "part1_items_nb": "Første\n\n Andre ",
        "part1_items_nn": "Fyrste\nAndre",
        "part1_items_en": "",
        "part1_checkbox": "on",
        "part1_lines": "2",
        "part2_remove": "on",
        f"part{new}_heading_nb": "Det nye",
        f"part{new}_lines": "",
        f"part{new}_place": "1",
    }

    response = send(editor, address_of("verktoy", tool), **changes)

    now = sections_of(tool)
    assert response.status_code == 302
    assert now[0] | {"help": None} == {
        "heading": old[0]["heading"] | {"nb": "Hva så jeg?"},
        "help": None,
        "items": [{"nb": "Første", "nn": "Fyrste"}, {"nb": "Andre", "nn": "Andre"}],
        "lines": 2,
        "checkbox": True,
    }
    assert now[1] == {"heading": {"nb": "Det nye"}, "help": None, "items": [], "lines": 0, "checkbox": False}
    assert now[2:] == old[2:]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"part1_heading_nb": ""}, "Skriv overskriften på bokmål."),
        ({"part1_items_nb": "En\nTo", "part1_items_nn": "Ein"}, "Skriv like mange punkter på hvert språk."),
        ({"part1_items_nn": "Berre nynorsk"}, "Skriv like mange punkter på hvert språk."),
        ({"part1_lines": "900"}, "40"),
        ({"part1_heading_nb": "Barnets navn"}, "Et verktøy på nivå 0 kan ikke spørre om navnet"),
        ({"part1_items_nb": "Fødselsdato"}, "Et verktøy på nivå 0 kan ikke spørre om navnet"),
    ],
)
def test_section_that_is_wrong_is_explained_and_not_saved(editor, tool, changes, words):
    before = sections_of(tool)

    response = send(editor, address_of("verktoy", tool), **changes)

    assert (response.status_code, words in response.content.decode()) == (422, True)
    assert sections_of(tool) == before


def test_new_section_without_a_heading_is_explained(editor, tool):
    response = send(editor, address_of("verktoy", tool), **{f"part{len(tool.sections) + 1}_help_nb": "Bare forklaring"})

    assert (response.status_code, "Skriv overskriften på bokmål." in response.content.decode()) == (422, True)


def test_sections_are_kept_when_someone_saved_first(editor, tool):
    new = len(tool.sections) + 1
    entries = filled(editor.get(address_of("verktoy", tool)).context["form"], **{f"part{new}_heading_nb": "Min del"})
    send(editor, address_of("verktoy", tool), **{f"part{new}_heading_nb": "Den andres del"})

    conflict = editor.post(address_of("verktoy", tool), entries)
    again = editor.post(address_of("verktoy", tool), filled(conflict.context["form"]))

    assert (conflict.status_code, again.status_code) == (409, 302)
    assert [section["heading"].get("nb") for section in sections_of(tool)][-1] == "Min del"


def test_changed_section_is_previewed_and_then_published(editor, tool, kari):
    send(editor, address_of("verktoy", tool), part1_heading_nb="Helt ny overskrift")
    draft = editor.get("/veileder/rediger/vis/verktoy/undringsnotat.pdf")
    before = selectors.tools_of(selectors.newest_version(), [tool.slug])[0]
    services.publish(actor=kari, what_changed="Ny overskrift", now=timezone.now())
    after = selectors.tools_of(selectors.newest_version(), [tool.slug])[0]

    assert (draft.headers["Content-Type"], draft.headers["Cache-Control"]) == ("application/pdf", "no-store, private")
    assert pdf_check.is_pdf_compliant_bytes(draft.content, profile=UA)
    assert [str(item.sections[0]["heading"]) == "Helt ny overskrift" for item in (before, after)] == [False, True]


def test_tool_is_filled_in_on_the_screen(guide):
    """A box to write in for each section with lines, a tick for each point of a list of ticks, each with its name."""
    [tool] = selectors.tools_of(guide, ["undringsnotat"])
    written = [section for section in tool.sections if section.get("lines")]
    ticked = [item for section in tool.sections if section.get("checkbox") for item in section["items"]]

    fields = PdfReader(io.BytesIO(tool_pdf(tool))).get_fields()

    kinds = [field["/FT"] for field in fields.values()]
    assert (kinds.count("/Tx"), kinds.count("/Btn")) == (len(written), len(ticked))
    assert {field["/TU"] for field in fields.values()} == {str(section["heading"]) for section in written} | {
        str(item) for item in ticked
    }
