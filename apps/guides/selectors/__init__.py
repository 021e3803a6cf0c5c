"""What the pages of the guide show: one row of the newest version, turned into finished answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.core import collation
from apps.core.statements import statement
from apps.core.text import LocalizedText
from apps.guides import rules
from apps.guides.models import Feedback, GateText, GuideVersion, LawReference, Level, Step, Theme, Tool, Variant
from apps.guides.selectors.content import Item, is_in_another_language, laws_of
from apps.guides.selectors.content import localized as localized
from apps.guides.selectors.content import start_content as start_content
from apps.guides.selectors.gate import first_shape as first_shape
from apps.guides.selectors.gate import gate_content as gate_content
from apps.guides.selectors.gate import gate_page as gate_page
from apps.guides.selectors.gate import gate_pieces as gate_pieces
from apps.guides.selectors.gate import kind_of_piece as kind_of_piece
from apps.municipality.enums import UnitKind

VARIANT_KINDS = (
    UnitKind.KINDERGARTEN,
    UnitKind.SCHOOL,
    UnitKind.HEALTH_STATION,
    UnitKind.MIDWIFE,
    UnitKind.PPT,
    UnitKind.CHILD_WELFARE,
    UnitKind.NAV,
    UnitKind.REFUGEE,
)
# Services that read a neighbour's variant.
_SAME_VARIANT = {UnitKind.AFTER_SCHOOL: UnitKind.SCHOOL, UnitKind.SCHOOL_HEALTH: UnitKind.HEALTH_STATION}


@dataclass(frozen=True)
class StepPage:
    version: GuideVersion
    level: Item
    step: Item
    levels: list[Item]
    variant: Item | None
    tools: list[Item]
    laws: list[Item]
    decisions: list[dict]
    links: list[dict]
    before: Item | None
    after: Item | None

    @property
    def next_in_level(self) -> Item | None:
        """The step after, unless the level ends here."""
        return next((step for step in self.level.step_items if step.number == self.step.number + 1), None)

    @property
    def is_in_another_language(self) -> bool:
        return is_in_another_language(self.step, self.variant, *self.laws)


def newest_version(number: int | None = None) -> GuideVersion | None:
    """The version everyone reads, or an older one by number."""
    rows = GuideVersion.objects.select_related("published_by")
    return rows.filter(number=number).first() if number else rows.first()


@dataclass(frozen=True)
class Names:
    """What the municipality calls its levels (by number) and steps (by key)."""

    levels: dict[int, LocalizedText]
    steps: dict[str, LocalizedText]


def names() -> Names:
    """The names in the newest version: one small query, since what a version says never changes."""
    newest = _newest_id.first()
    return Names({}, {}) if newest is None else _names_of(newest)


@statement
def _newest_id() -> QuerySet[GuideVersion, UUID]:
    return GuideVersion.objects.values_list("pk", flat=True)[:1]


@lru_cache(maxsize=8)
def _names_of(version_id) -> Names:
    levels = levels_of(GuideVersion.objects.get(pk=version_id))
    steps = {step.key: step.title for level in levels for step in level.step_items}
    return Names({level.number: level.name for level in levels}, steps)


def versions() -> QuerySet[GuideVersion]:
    return GuideVersion.objects.defer("content").select_related("published_by")


def levels_of(version: GuideVersion) -> list[Item]:
    levels = []
    for content in version.content["levels"]:
        level = Item(content)
        level.step_items = [Item(step) for step in content["steps"]]
        levels.append(level)
    return levels


def step_page(version: GuideVersion, key: str, *, kind: str = "") -> StepPage | None:
    """Everything a step's page shows, from the one version row; None when there is no such step."""
    levels = levels_of(version)
    pairs = [(level, step) for level in levels for step in level.step_items]
    keys = [step.key for _level, step in pairs]
    if key not in keys:
        return None
    level, step = pairs[keys.index(key)]
    before, after = rules.neighbours(keys, key)
    wanted = _SAME_VARIANT.get(kind, kind)
    variant = next((Item(v) for v in step._content["variants"] if v["kind"] == wanted), None)
    return StepPage(
        version=version,
        level=level,
        step=step,
        levels=levels,
        variant=variant,
        tools=tools_of(version, step._content["tools"]),
        laws=laws_of(version, step._content["laws"]),
        decisions=[one | {"url": decision_url(one["goes_to"], level.number)} for one in step.decisions],
        links=[{"url": ""} | link for link in step.links],
        before=pairs[keys.index(before)][1] if before else None,
        after=pairs[keys.index(after)][1] if after else None,
    )


def tools_of(version: GuideVersion, slugs: list[str] | None = None) -> list[Item]:
    by_slug = {tool["slug"]: Item(tool) for tool in version.content["tools"]}
    if slugs is None:
        return list(by_slug.values())
    return [by_slug[slug] for slug in slugs if slug in by_slug]


def themes_of(version: GuideVersion) -> list[Item]:
    return [Item(theme) for theme in version.content["themes"]]


def theme_page(version: GuideVersion, slug: str) -> tuple[Item, list[Item], list[Item]] | None:
    """The theme with its tools and laws, or None."""
    for content in version.content["themes"]:
        if content["slug"] == slug:
            return Item(content), tools_of(version, content["tools"]), laws_of(version, content["laws"])
    return None


def decision_url(goes_to: str, level: int) -> str:
    """Where a decision on this level leads: a step, the gate, the open report, or a page that ends the steps."""
    goes_to = rules.leads_to(goes_to, level=level)
    if goes_to in (rules.GATE, rules.REPORT):
        return reverse(f"guides:{goes_to}")
    if goes_to in rules.OUTCOMES:
        return reverse("guides:outcome", args=[goes_to])
    return reverse("guides:step", args=[goes_to])


def feedback_list(*, state: str | None = None) -> QuerySet[Feedback]:
    rows = Feedback.objects.select_related("author", "handled_by").order_by("-sent_at", "pk")
    return rows.filter(state=state) if state else rows


def with_page_names(feedback: Iterable[Feedback]) -> list[tuple]:
    """Each feedback with the name of its page; the key, when there is no such page any more."""
    names = {"overview": _("Handlingsveileder"), "tilgjengelighet": _("Tilgjengelighetserklæring")}
    names |= {theme.slug: str(theme.title) for theme in Theme.objects.all()}
    for step in Step.objects.select_related("level"):
        parts = {"level": step.level.number, "number": step.number, "title": step.title}
        names[step.key] = _("Nivå %(level)s, steg %(number)s: %(title)s") % parts
    return [(row, names.get(row.page_key, row.page_key)) for row in feedback]


def draft_content() -> dict:
    """The draft as the JSON a version holds: everything a reader's page needs, in one row."""
    variants: dict = {}
    for row in Variant.objects.select_related("step").order_by("kind"):
        variants.setdefault(row.step.key, []).append({"kind": row.kind} | _texts(row, "variant"))
    steps: dict = {}
    for row in Step.objects.select_related("level"):
        plain = {"key": row.key, "number": row.number, "deadline_days": row.deadline_days}
        keys = {"decisions": row.decisions, "links": row.links, "tools": row.tools, "laws": row.laws}
        steps.setdefault(row.level.key, []).append(
            plain | keys | _texts(row, "step") | {"variants": variants.get(row.key, [])}
        )
    levels = [
        {"key": row.key, "number": row.number, "deadline_days": row.deadline_days, "steps": steps.get(row.key, [])}
        | _texts(row, "level")
        for row in Level.objects.all()
    ]
    return {
        "levels": levels,
        "themes": [
            {"slug": row.slug, "tools": row.tools, "laws": row.laws} | _texts(row, "theme")
            for row in Theme.objects.all()
        ],
        "laws": [
            {"key": row.key, "needs_check": row.needs_check, "reviewed_by": row.reviewed_by}
            | {"reviewed_day": row.reviewed_day.isoformat() if row.reviewed_day else ""}
            | _texts(row, "law")
            for row in LawReference.objects.all()
        ],
        "tools": [
            {"slug": row.slug, "kind": row.kind, "levels": row.levels, "sections": row.sections} | _texts(row, "tool")
            for row in Tool.objects.all()
        ],
        "gate": GateText.objects.values_list("content", flat=True).first() or {},
    }


def _texts(row, kind: str) -> dict:
    return {name: LocalizedText.of(getattr(row, name)).as_dict() for name in rules.TEXT_FIELDS[kind]}


def draft_version() -> GuideVersion:
    """The draft as an unsaved version, so that a preview shows exactly what publishing would."""
    return GuideVersion(number=0, content=draft_content())


def draft_rows() -> dict:
    """Everything the coordinator may edit, in reading order."""
    gate = GateText.objects.first()
    return {
        "gate": gate,
        "gate_pieces": gate_pieces(gate.content) if gate else [],
        "levels": list(Level.objects.prefetch_related("steps__variants")),
        "themes": list(Theme.objects.all()),
        "laws": _laws_by_title(),
        "tools": list(Tool.objects.all()),
    }


def draft_step_keys() -> list[str]:
    return list(Step.objects.values_list("key", flat=True))


def decision_targets() -> list[tuple]:
    """Everywhere a decision may lead, as grouped choices."""
    levels = [
        (_("Nivå %(number)s · %(name)s") % {"number": level.number, "name": level.name}, _step_choices(level))
        for level in Level.objects.prefetch_related("steps")
    ]
    return [*levels, (_("Ut av stegene"), list(OUTSIDE.items()))]


def _step_choices(level: Level) -> list[tuple]:
    words = _("Steg %(number)s. %(title)s")
    return [(step.key, words % {"number": step.number, "title": step.title}) for step in level.steps.all()]


# What the pages outside the steps are called where one chooses among them.
OUTSIDE = {
    rules.REPORT: _lazy("Meld til barnevernet"),
    rules.GATE: _lazy("Mistanke om vold eller overgrep"),
    "end": _lazy("Avslutt undringen"),
    "close": _lazy("Avslutt i stafettloggen"),
    "system": _lazy("Tiltak for gruppa eller miljøet"),
    "lift": _lazy("Løft saken"),
    "ip": _lazy("Individuell plan eller barnekoordinator"),
}


def tool_choices(level: int | None = None) -> list[tuple]:
    """Tools a page may show; those made for level 0 only, when that is the level (safety.md S24)."""
    return [(tool.slug, str(tool.title)) for tool in Tool.objects.all() if level != 0 or 0 in tool.levels]


def law_choices() -> list[tuple]:
    return [(law.key, f"{law.title} · {law.reference}") for law in _laws_by_title()]


def _laws_by_title() -> list[LawReference]:
    """The laws sorted by title in the language of whoever reads."""
    return sorted(LawReference.objects.all(), key=lambda law: collation.sort_key(str(law.title)))
