"""The page that asks first who asks, and the page for an open report, with the municipality's numbers put in."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.text import LocalizedText
from apps.guides import rules
from apps.guides.models import GuideVersion
from apps.guides.selectors.content import laws_of, localized, start_content
from apps.municipality.models import PhoneNumber
from apps.municipality.selectors import gate_phones

# What a link of the content calls a page of the portal.
_PAGES = {"young": "portal:young", "report": "guides:report"}


def gate_page(version: GuideVersion | None) -> dict:
    """`gate` and `laws` of the page, which stands also where no guide is published yet."""
    content = gate_content(version)
    return {"gate": _shown(content), "laws": laws_of(version, content["law"]) if version else []}


def gate_content(version: GuideVersion | None) -> dict:
    """The page's content in the shape of today, whatever the shape it was published in."""
    published = version.content["gate"] if version else {}
    if rules.is_of_today(published):
        return published
    return rules.with_own_words(start_content("gate"), published, _first_words())


def _first_words() -> dict:
    """The page as the municipality started from it."""
    first = GuideVersion.objects.order_by("number").first()
    return first.content["gate"] if first else {}


def kind_of_piece(piece: str) -> str:
    """What the address of the editor calls it: «vold», «vold-privat»."""
    return f"vold-{piece}" if piece else "vold"


def gate_pieces(content: dict) -> list[tuple[str, str]]:
    """The pieces the coordinator edits: what the address calls each, and what she does."""
    doors = content["who"]["doors"] | content["work"]["doors"]
    names = {rules.QUESTIONS: _("Spørsmålene"), rules.REPORT_PAGE: _("Meld til barnevernet")}
    names |= {code: str(LocalizedText.of(door["label"])) for code, door in doors.items()}
    return [(kind_of_piece(piece), names[piece]) for piece in rules.PIECES]


def first_shape(version: GuideVersion) -> dict | None:
    """The page of a version from before it asked who asks, localized, for the coordinator looking back; else None."""
    content = version.content["gate"]
    if rules.is_of_today(content):
        return None
    answers = {code: content["answers"][code] for code in ("ja", "usikker", "nei")}
    return localized(content | {"answers": answers})


def _shown(content: dict) -> dict:
    phones = {phone.key: phone for phone in gate_phones()}
    own = [phone for key, phone in phones.items() if key not in rules.phone_keys(content)]
    doors = {"who": rules.WHO, "work": rules.WORK}
    ordered = content | {
        name: content[name] | {"doors": {code: content[name]["doors"][code] for code in codes}}
        for name, codes in doors.items()
    }
    ordered["answers"] = {code: content["answers"][code] for code in rules.ANSWERS}
    return _with_numbers(localized(ordered), phones, own)


def _with_numbers(content: Any, phones: dict[str, PhoneNumber], own: list[PhoneNumber]) -> Any:
    """Every named number as label, number, tel and help; one that the municipality does not show is left out."""
    if isinstance(content, list):
        return [_with_numbers(part, phones, own) for part in content]
    if not isinstance(content, dict):
        return content
    shown = _may_be_empty(content) | {key: _with_numbers(part, phones, own) for key, part in content.items()}
    if "phones" in content:
        shown["phones"] = [
            _number(phones[one["phone"]], one["help"]) for one in content["phones"] if one["phone"] in phones
        ]
        if content.get("own_numbers"):
            shown["phones"] += [_number(phone, phone.help) for phone in own]
    if "rows" in content:
        shown["rows"] = [_row(row, phones) for row in content["rows"] if row.get("phone", "") in {"", *phones}]
    if "to" in content:
        shown["url"] = reverse(_PAGES[content["to"]]) if content["to"] in _PAGES else content["to"]
        shown["is_elsewhere"] = content["to"].startswith("https://")
    return shown


def _may_be_empty(content: dict) -> dict:
    """What an answer, or a part of one, is asked for and may lack."""
    if "kind" in content:
        return {"body": "", "phones": [], "link": None, "filled": False}
    return {"note": "", "now": None} if "tone" in content else {}


def _number(phone: PhoneNumber, help_text: Any) -> dict:
    return {"label": phone.label, "number": phone.number, "tel": phone.tel, "help": help_text}


def _row(row: dict, phones: dict[str, PhoneNumber]) -> dict:
    """A way to get in touch: by telephone, or by a link."""
    if "phone" in row:
        return row | {"phone": _number(phones[row["phone"]], ""), "link": None}
    return row | {"phone": None, "link": _with_numbers(row["link"], phones, [])}
