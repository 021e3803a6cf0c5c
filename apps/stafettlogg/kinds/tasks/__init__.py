"""What people must do in logs. Each kind says what it is called, who can have it and which selector finds it.

A new reminder is one kind in the file of its topic and one selector in `selectors/tasks`. A title without name or
subject (S22) makes it a notice and an e-mail; without one it stands on pages alone.
"""

from apps.stafettlogg.kinds.tasks.care import CARE
from apps.stafettlogg.kinds.tasks.coming_of_age import COMING_OF_AGE
from apps.stafettlogg.kinds.tasks.consents import CONSENTS
from apps.stafettlogg.kinds.tasks.family_closing import FAMILY_CLOSING
from apps.stafettlogg.kinds.tasks.hidden_places import HIDDEN_PLACES
from apps.stafettlogg.kinds.tasks.leaders import LEADERS
from apps.stafettlogg.kinds.tasks.own_threads import OWN_THREADS
from apps.stafettlogg.kinds.tasks.participants import PARTICIPANTS
from apps.stafettlogg.kinds.tasks.units import UNITS
from apps.stafettlogg.kinds.tasks.written import WRITTEN

TASK_KINDS = [
    *WRITTEN,
    *CONSENTS,
    *FAMILY_CLOSING,
    *HIDDEN_PLACES,
    *CARE,
    *COMING_OF_AGE,
    *OWN_THREADS,
    *PARTICIPANTS,
    *LEADERS,
    *UNITS,
]
