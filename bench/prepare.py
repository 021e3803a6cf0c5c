"""Fill one database: the demo, 200 employees and N logs; one of them holds exactly the first logs. Prints key=value."""

import os
import sys
import time
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bti_portal.settings")
django.setup()

from django.db import connection  # noqa: E402 -- Django must be set up first
from django.test import Client  # noqa: E402 -- Django must be set up first
from django.test.utils import CaptureQueriesContext  # noqa: E402 -- Django must be set up first
from django.utils import timezone  # noqa: E402 -- Django must be set up first

from apps.accounts.models import Membership, User  # noqa: E402 -- Django must be set up first
from apps.portal.seeding import bulk, start  # noqa: E402 -- Django must be set up first


def main(size: int, visible: int) -> None:
    now = timezone.now()
    start.seed(now=now)
    started = time.perf_counter()
    bulk.grow(bulk.Size(units=20, staff=200), now=now)
    user = User.objects.get(pk=bulk.uuid_for("staff", 0))
    places = list(Membership.objects.filter(user__email__startswith="ansatt").select_related("unit"))
    own = [place for place in places if place.user_id == user.pk]
    others = [place for place in places if place.user_id != user.pk]
    bulk.make_logs(visible, staff=own, now=now)
    bulk.make_logs(size - visible, staff=others, now=now, first=visible)
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="apps.accounts.adapters.PortalBackend")
    log = bulk.uuid_for("log", 0)
    counts = {}
    for page, path in (("list", "/logger/"), ("detail", f"/logger/{log}/")):
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200, path
        counts[page] = len(queries)
    form = {"text": "Det gikk fint.", "audience": "all", "form_key": str(uuid4())}
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(f"/logger/{log}/beskjeder/", form)
    assert answer.status_code == 302, answer.content[:2000]
    counts["post"] = len(queries)
    print(f"seconds={seconds}")
    print(f"log={log}")
    print(f"session={client.cookies['session'].value}")
    print("sql=" + ",".join(f"{page}:{count}" for page, count in counts.items()))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
