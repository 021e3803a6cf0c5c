from django.utils import translation

from apps.core import pdf
from apps.guides.selectors import Item, is_in_another_language
from apps.municipality.selectors import settings_row


def tool_pdf(tool: Item) -> bytes:
    """A tool (`selectors.Item`) as an accessible PDF in the reader's language."""
    context = {"tool": tool, "sections": tool.sections, "municipality": settings_row()}
    context["is_in_another_language"] = is_in_another_language(tool)
    return pdf.render("pdf/tool.html", context, title=str(tool.title), language=translation.get_language())
