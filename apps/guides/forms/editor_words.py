"""The words of the rich text editor, which speaks English by itself."""

from django.utils.translation import gettext as _


def editor_words() -> dict[str, str]:
    """The editor's own word -> ours, in the language of the page. static/js/editor.js puts them in."""
    return {
        "paragraph": _("Avsnitt"),
        "Paragraph": _("Avsnitt"),
        "heading 3": _("Overskrift"),
        "Heading 3": _("Overskrift"),
        "unordered list": _("Punktliste"),
        "ordered list": _("Nummerert liste"),
        "bold": _("Fet skrift"),
        "italic": _("Kursiv skrift"),
        "insert link": _("Sett inn lenke"),
        "remove link": _("Ta bort lenken"),
        "undo": _("Angre"),
        "redo": _("Gjør om igjen"),
        "Edit Link": _("Lenke"),
        "URL": _("Nettadresse"),
        "Update": _("Bruk"),
        "Cancel": _("Avbryt"),
    }
