"""The guide that a municipality starts from: fixtures/guides, published as version 1."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.guides import rules, selectors
from apps.guides.models import GateText, GuideVersion, LawReference, Level, Step, Theme, Tool, Variant
from apps.guides.services.editing import publish_draft


def load(*, now: datetime) -> int:
    """Load the guide where there is none; gives how many versions were made. Safe to run again."""
    return 1 if load_start_content(now=now) else 0


@transaction.atomic
def load_start_content(
    *, now: datetime, reviewed_by: str = "", reviewed_day: date | None = None
) -> GuideVersion | None:
    """Fill an empty draft from fixtures/guides and publish version 1. Does nothing when there are levels already.

    Nobody has gone through the laws; in the demo alone somebody is said to have.
    """
    if Level.objects.exists():
        return None
    for row in selectors.start_content("levels"):
        Level(**row).save()
    levels = {level.key: level for level in Level.objects.all()}
    for row in selectors.start_content("steps"):
        _step_from(row, levels[row["level"]]).save()
    steps = {step.key: step for step in Step.objects.all()}
    for row in selectors.start_content("variants"):
        extra = rules.as_paragraph_html(row["extra"])
        Variant(step=steps[row["step"]], kind=row["kind"], who=row.get("who") or {}, extra_html=extra).save()
    for order, row in enumerate(selectors.start_content("themes")):
        _theme_from(row, order).save()
    for row in selectors.start_content("laws"):
        LawReference(
            key=row["key"],
            title=row["title"],
            reference=row["reference"],
            what=row.get("what") or {},
            needs_check=row["verify"],
            reviewed_by=reviewed_by,
            reviewed_day=reviewed_day,
        ).save()
    for order, row in enumerate(selectors.start_content("tools")):
        fields = ("slug", "kind", "levels", "title", "summary", "intro", "sections", "footer")
        Tool(order=order, **{name: row[name] for name in fields if row.get(name) is not None}).save()
    GateText(content=selectors.start_content("gate")).save()
    return publish_draft(actor=None, what_changed=_("Første versjon."), now=now)


def _step_from(row: dict, level: Level) -> Step:
    return Step(
        key=row["key"],
        level=level,
        number=row["number"],
        title=row["title"],
        short=row.get("short") or {},
        purpose_html=rules.as_paragraph_html(row.get("purpose")),
        how_html=rules.as_list_html(row.get("how") or [], ordered=True),
        questions_html=rules.as_list_html(row.get("support_questions") or [], ordered=False),
        who_html=rules.as_paragraph_html(row.get("who")),
        documentation_html=rules.as_paragraph_html(row.get("documentation")),
        child_voice_html=rules.as_paragraph_html(row.get("child_voice")),
        deadline_days=row.get("deadline_days"),
        deadline_note=row.get("deadline_note") or {},
        decisions=row.get("decisions") or [],
        links=row.get("links") or [],
        tools=row.get("tools") or [],
        laws=row.get("law") or [],
    )


def _theme_from(row: dict, order: int) -> Theme:
    body: dict[str, str] = {}
    for language in ("nb", "nn", "en"):
        parts = []
        for section in row["sections"]:
            heading, paragraphs = section["heading"].get(language), section["body"]
            texts = [paragraph.get(language) for paragraph in paragraphs]
            if heading and all(texts):
                parts.append(f"<h3>{rules.conditional_escape(heading)}</h3>")
                parts += [f"<p>{rules.conditional_escape(text)}</p>" for text in texts]
        if parts:
            body[language] = "".join(parts)
    return Theme(
        slug=row["slug"],
        order=order,
        title=row["title"],
        intro=row.get("intro") or {},
        body_html=body,
        tools=row.get("tools") or [],
        laws=row.get("law") or [],
    )
