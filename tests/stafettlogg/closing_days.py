"""The days of the tests that close and open units: it is the morning of TODAY, and LAST is the unit's last day."""

import datetime

from apps.core.dates import local_midnight

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 3, 2)
NOW = local_midnight(TODAY) + datetime.timedelta(hours=10)
LAST = TODAY + 10 * DAY
