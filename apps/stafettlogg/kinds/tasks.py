"""What people must do in logs. Each kind says what it is called, who can have it and which selector finds it.

A new reminder is one kind here and one selector in `selectors/tasks`. A title without name or subject (S22) makes it a
notice and an e-mail; without one it stands on pages alone.
"""

from apps.stafettlogg.kinds.consents import CONSENTS
from apps.stafettlogg.kinds.leaders import LEADERS
from apps.stafettlogg.kinds.participants import PARTICIPANTS
from apps.stafettlogg.kinds.written import WRITTEN

TASK_KINDS = [*WRITTEN, *CONSENTS, *PARTICIPANTS, *LEADERS]
