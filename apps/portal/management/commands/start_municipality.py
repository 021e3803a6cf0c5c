import json
import sys
from dataclasses import fields
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from apps.accounts.selectors import demo_accounts_exist
from apps.accounts.services import NewPerson, add_first_coordinator
from apps.core.errors import RuleBroken
from apps.municipality.selectors import readiness, settings_row
from apps.municipality.selectors.choices import template, templates
from apps.municipality.services import start

# Asked at the keyboard, in this order; all else is typed in the portal.
QUESTIONS = (
    ("name", "What is the municipality called (Solvik kommune)?"),
    ("org_number", "Organisation number, nine digits"),
    ("language_form", "Written Norwegian, nb or nn"),
    ("model", "BTI or BTS"),
    ("template", "Start from the choices of ({templates}), or nothing"),
    ("coordinator_name", "Who is the first coordinator?"),
    ("coordinator_email", "The coordinator's e-mail at work"),
    ("dpo_name", "Who is the data protection officer?"),
    ("dpo_email", "The officer's e-mail"),
)


class Command(BaseCommand):
    help = (
        "Start a municipality: load roles, guide, tools, laws and texts, and fill in what it answers. Safe to run "
        "again: it adds what is missing and writes over nothing. What is not answered stays empty."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--answers", help="a JSON file with the answers, instead of asking")

    def handle(self, *args: Any, **options: Any) -> None:
        if demo_accounts_exist():
            raise CommandError("This database holds the demo. Start the municipality on an empty one.")
        answers = self._answers(options["answers"])
        with translation.override("nb"):
            try:
                made = self._start(answers, now=timezone.now())
            except RuleBroken as broken:
                raise CommandError(str(broken)) from broken
            red = readiness.overview(timezone.now()).red
        self.stdout.write(f"{settings_row().name or 'The municipality'}: {made} new rows.")
        self.stdout.write(f"{len(red)} points are left in «Klar til å åpne»: {settings.BASE_URL}/innstillinger/apning/")
        self.stdout.write("The coordinator chooses a password with «Lag nytt passord» on the sign-in page.")

    @transaction.atomic
    def _start(self, answers: dict[str, Any], *, now: datetime) -> int:
        made = load_all(now=now)
        if answers:
            _fill_in(answers, now=now)
        return made

    def _answers(self, path: str | None) -> dict[str, Any]:
        if path:
            try:
                answers = json.loads(Path(path).read_text("utf-8-sig"))
            except (OSError, ValueError) as error:
                raise CommandError(f"{path} cannot be read as JSON: {error}") from error
            if not isinstance(answers, dict):
                raise CommandError(f"{path} must hold one JSON object.")
            return answers
        if not sys.stdin.isatty():
            return {}
        names = ", ".join(each.key for each in templates())
        asked = {key: input(f"{text.format(templates=names)}: ").strip() for key, text in QUESTIONS}
        return {key: text for key, text in asked.items() if text}


def load_all(*, now: datetime) -> int:
    """What each app says a municipality starts from (`services.start.load`), in the order of the apps."""
    made = 0
    for config in apps.get_app_configs():
        services = find_spec(f"{config.name}.services") if config.name.startswith("apps.") else None
        if services and services.submodule_search_locations and find_spec(f"{config.name}.services.start"):
            made += import_module(f"{config.name}.services.start").load(now=now)
    return made


def _fill_in(answers: dict[str, Any], *, now: datetime) -> None:
    known = {each.name for each in fields(start.StartAnswers)}
    others = {"template", "coordinator_name", "coordinator_email"}
    if unknown := sorted(set(answers) - known - others):
        raise CommandError(f"Unknown answers: {', '.join(unknown)}. Known: {', '.join(sorted(known | others))}.")
    is_first_time = not settings_row().name
    start.answer(start.StartAnswers(**{key: value for key, value in answers.items() if key in known}))
    if answers.get("template"):
        chosen = template(answers["template"])
        if chosen is None:
            raise CommandError(f"There is no template {answers['template']}.")
        if is_first_time:
            start.follow_template(chosen)
    email, name = answers.get("coordinator_email", ""), answers.get("coordinator_name", "")
    if not email or not name:
        return
    start.check_address(email)
    try:
        add_first_coordinator(NewPerson(email, name), today=timezone.localdate(now))
    except RuleBroken as broken:
        if broken.code != "has_coordinator":
            raise
