from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from apps.accounts import services
from apps.core.errors import RuleBroken


class Command(BaseCommand):
    help = "Give the municipality its first coordinator, who adds everyone else in the portal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    @transaction.atomic
    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        try:
            place = services.add_first_coordinator(services.NewPerson(email, name), today=timezone.localdate())
        except RuleBroken as broken:
            raise CommandError(str(broken)) from broken
        self.stdout.write(f"{place.user.name} is coordinator in {place.unit}.")
        self.stdout.write("They choose a password with «Lag nytt passord» on the sign-in page.")
