"""A worker for the drill: sweeps the outbox again and again until it is killed."""

import os
import time

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bti_portal.settings")
    django.setup()
    from apps.notifications.services import sweep_outbox

    while True:
        sweep_outbox(limit=20)
        time.sleep(0.2)


if __name__ == "__main__":
    main()
