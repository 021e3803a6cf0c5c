from typing import Any

from django.core.management.base import BaseCommand

from apps.municipality.services import load_start_data


class Command(BaseCommand):
    help = "Make the settings, roles and telephone numbers a municipality starts from. Writes over nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        municipality = load_start_data()
        self.stdout.write(f"{municipality.name}: settings, roles and telephone numbers are there.")
