"""`manage.py health`: whether the portal works, jobs and e-mail too. Ends with 1 when something stands still."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from apps.portal import selectors


class Command(BaseCommand):
    help = "Say what stands still: the tables, the jobs of the schedule, the e-mail."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = selectors.health(timezone.now())
        except DatabaseError as error:
            raise CommandError("The database does not answer.") from error
        wrong = [] if found.is_migrated else ["The tables are older than the program: run manage.py migrate."]
        wrong += [f"{task} has not run when it should: look at worker, beat and Redis." for task in found.late]
        wrong += [f"{found.mail_late} e-mails should have been sent."] if found.mail_late else []
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write("All is well.")
