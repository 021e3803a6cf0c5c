"""Being away, for the tests: the form with its days, and who is asked to stand in."""

import uuid

from django.urls import reverse
from django.utils import timezone

from apps.stafettlogg.models import Deputy


def day(number=0):
    return timezone.localdate() + timezone.timedelta(days=number)


def url_of(name, *args):
    return reverse(f"stafettlogg:{name}", args=args)


def get(client, user, name, *args):
    client.force_login(user)
    return client.get(url_of(name, *args))


def send(client, user, name, *args, first=1, last=5, svar="send", **more):
    client.force_login(user)
    days = {"first_day": day(first).isoformat(), "last_day": day(last).isoformat()}
    return client.post(url_of(name, *args), {"form_key": str(uuid.uuid4()), "svar": svar} | days | more)


def field_of(log):
    return f"vikar_{log.pk.hex}"


def asked():
    return {
        deputy.log.child.given_name: (deputy.membership.user.name, deputy.first_day, deputy.last_day, deputy.state)
        for deputy in Deputy.objects.select_related("log__child", "membership__user")
    }
