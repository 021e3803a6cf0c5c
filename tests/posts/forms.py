"""The forms on a page, as a browser understands them: where they go, their fields, and what stands in each."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag

TYPED = {"text", "email", "tel", "url", "search", "number", "date", "time", "datetime-local", "textarea"}


@dataclass
class Field:
    """`kind` is the input's type, or textarea or select; `options` are the values one may choose among."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        return self.kind in TYPED


@dataclass
class Form:
    url: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    # The other addresses its buttons send it to.
    also: list[str] = field(default_factory=list)

    def as_shown(self) -> dict[str, list[str]]:
        """What a browser sends when nothing is changed."""
        return {f.name: list(f.values) for f in self.fields.values() if f.values and f.kind not in ("file", "submit")}


class _Reader(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        # Fields outside every form, for reading what a page gives back.
        self.form = self.loose = Form("", "")
        self.area: Field | None = None
        self.select: Field | None = None

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            url = urldefrag(given.get("action", ""))[0] or self.page
            self.form = Form(url, given.get("method", "get").lower())
            self.forms.append(self.form)
        elif tag == "input":
            self._input(given)
        elif tag == "textarea" and given.get("name"):
            self.area = self._field(given["name"], "textarea")
            self.area.values.append("")
        elif tag == "select" and given.get("name"):
            self.select = self._field(given["name"], "select")
        elif tag == "option" and self.select is not None:
            self.select.options.append(given.get("value", ""))
            if "selected" in given:
                self.select.values.append(given.get("value", ""))
        elif tag == "button" and given.get("type", "submit") == "submit":
            if given.get("name"):
                self._field(given["name"], "submit").options.append(given.get("value", ""))
            if given.get("formaction"):
                self.form.also.append(given["formaction"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = self.loose
        elif tag == "textarea" and self.area is not None:
            # A browser leaves the first line break out.
            self.area.values[-1] = self.area.values[-1].removeprefix("\r").removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self.area is not None:
            self.area.values[-1] += data

    def _input(self, given):
        kind, name, value = given.get("type", "text"), given.get("name"), given.get("value", "")
        if not name or "disabled" in given:
            return
        found = self._field(name, kind)
        if kind in ("radio", "checkbox"):
            found.options.append(value or "on")
            if "checked" in given:
                found.values.append(value or "on")
        elif kind not in ("file", "submit"):
            found.values.append(value)

    def _field(self, name, kind) -> Field:
        return self.form.fields.setdefault(name, Field(name, kind))


def _read(text: str, url: str) -> _Reader:
    reader = _Reader(url)
    reader.feed(text)
    reader.close()
    return reader


def forms_on(text: str, url: str) -> list[Form]:
    """The forms that are sent by POST; one with a button that sends it elsewhere is given once for each address."""
    found = []
    for form in _read(text, url).forms:
        if form.method == "post":
            found += [form, *(Form(other, "post", form.fields) for other in form.also)]
    return found


def given_back(text: str) -> list[str]:
    """Everything that stands in a field of any form of the page, also what a look-over carries along."""
    reader = _read(text, "")
    fields = [f for form in [*reader.forms, reader.loose] for f in form.fields.values()]
    return [value for f in fields if f.is_typed or f.kind == "hidden" for value in f.values]
