from django.conf import settings
from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from apps.portal.seeding import start
from apps.portal.seeding.bulk import Size, grow


class Command(BaseCommand):
    help = "Make Solvik kommune: the invented municipality of the demo, or a larger one. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logs", type=int, default=0, help="logs beside the demo's own, each of ten entries")
        parser.add_argument("--units", type=int, default=0, help="units beside the demo's own")
        parser.add_argument("--staff", type=int, default=0, help="employees beside the demo's own")
        parser.add_argument("--children", type=int, default=0, help="another word for --logs: one log per child")

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data belong to the demo only. Set DEMO=true to allow them.")
        now = timezone.now()
        with translation.override("nb"):
            is_new = start.seed(now=now)
            logs = max(options["logs"], options["children"])
            units = options["units"] or (20 if logs or options["staff"] else 0)
            staff = options["staff"] or (200 if logs else 0)
            if logs or units or staff:
                grow(Size(logs=logs, units=units, staff=staff), now=now)
        self.stdout.write("Solvik kommune is made." if is_new else "Solvik kommune was there already.")
