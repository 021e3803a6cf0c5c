"""Fill one database: the demo, 200 employees and N logs; one of them holds exactly the first logs. Prints key=value.

Run from an older checkout too: `python -m bench.prepare LOGS VISIBLE`, which prints at least `log` and `session`.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bti_portal.settings")
django.setup()

from django.test import Client  # noqa: E402 -- Django must be set up first
from django.utils import timezone  # noqa: E402 -- Django must be set up first

from apps.accounts.models import Membership, User  # noqa: E402 -- Django must be set up first
from apps.portal.seeding import bulk, start  # noqa: E402 -- Django must be set up first
from apps.stafettlogg import access  # noqa: E402 -- Django must be set up first


def main(size: int, visible: int) -> None:
    now = timezone.now()
    start.seed(now=now)
    bulk.grow(bulk.Size(units=20, staff=200), now=now)
    user = User.objects.get(pk=bulk.uuid_for("staff", 0))
    places = list(Membership.objects.filter(user__email__startswith="ansatt").select_related("unit"))
    own = [place for place in places if place.user_id == user.pk]
    others = [place for place in places if place.user_id != user.pk]
    bulk.make_logs(visible, staff=own, now=now)
    bulk.make_logs(size - visible, staff=others, now=now, first=visible)
    if access.visible_logs(user, now).count() != visible:
        raise SystemExit(f"The employee must see {visible} logs.")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="apps.accounts.adapters.PortalBackend")
    print(f"log={bulk.uuid_for('log', 0)}")
    print(f"session={client.cookies['session'].value}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
