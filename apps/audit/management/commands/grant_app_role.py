import os
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection

from apps.audit import services

INSUFFICIENT_PRIVILEGE = "42501"


class Command(BaseCommand):
    help = (
        "Let the portal's own database role read and write rows, and only add to the read audit. Run it as the owner "
        "of the tables after every migrate. APP_ROLE_PASSWORD, when given, becomes the role's password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles.")
        if role == connection.settings_dict["USER"]:
            raise CommandError("The role must be another than the owner of the tables, which this command runs as.")
        try:
            services.grant_app_role(role, password=os.environ.get("APP_ROLE_PASSWORD"))
        except ProgrammingError as error:
            if getattr(error.__cause__, "pgcode", "") != INSUFFICIENT_PRIVILEGE:
                raise
            raise CommandError(
                f"This connection may not make or change the role {role}. Have whoever runs the database make it "
                f"(CREATE ROLE {role} LOGIN PASSWORD …), and run this again without APP_ROLE_PASSWORD."
            ) from error
        self.stdout.write(f"{role} may read and write, and only add to the read audit.")
