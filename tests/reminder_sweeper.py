"""A worker for the tests of reminders: finds what is due and sends it, again and again, until it is killed."""

import os
import time

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bti_portal.settings")
    django.setup()
    from apps.notifications.services import sweep_outbox
    from apps.stafettlogg.tasks import sweep_reminders

    while True:
        sweep_reminders()
        sweep_outbox(limit=20)  # few at a time, so that deaths fall on every place of both jobs
        time.sleep(0.2)


if __name__ == "__main__":
    main()
