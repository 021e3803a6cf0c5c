"""Fill one database: the demo, 200 employees and N logs; one of them holds exactly the first logs. Prints key=value."""

import os
import sys
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
from apps.stafettlogg import access  # noqa: E402 -- Django must be set up first
from bench.measure import hidden_fields  # noqa: E402 -- Django must be set up first


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
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="apps.accounts.adapters.PortalBackend")
    log = bulk.uuid_for("log", 0)
    print(f"log={log}")
    print(f"session={client.cookies['session'].value}")
    for page, ask in requests_for(client, log).items():
        ask()
        with CaptureQueriesContext(connection) as queries:
            ask()
        print(f"sql_{page}={len(queries)}")


def requests_for(client, log) -> dict:
    """The three requests that are measured, by name."""

    def get(path):
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")

    messages = f"/logger/{log}/beskjeder/"
    hidden = hidden_fields(client.get(messages).content.decode(), "text")

    def post():
        form = hidden | {"text": "Det gikk fint i dag.", "to": "all", "form_key": str(uuid4())}
        answer = client.post(messages, form)
        if answer.status_code != 302:
            raise SystemExit(f"The post answered {answer.status_code}\n{answer.content[:2000]!r}")

    return {"list": lambda: get("/logger/"), "detail": lambda: get(f"/logger/{log}/"), "post": post}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
