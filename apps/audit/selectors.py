from apps.audit.enums import ReadAction, Side
from apps.audit.models import ReadEvent

SHOWN_TO_FAMILY = (ReadAction.OPENED, ReadAction.PRINTED, ReadAction.DOWNLOADED, ReadAction.EXPORTED)


def reads_for_family(log_id, *, own_id):
    """Staff's openings, prints and exports of a log, and the reader's own; newest first (safety.md S16).

    Never another guardian's or the youth's; never appearances in lists, which are kept and given on request.
    """
    staff = ReadEvent.objects.filter(log_id=log_id, side=Side.STAFF, action__in=SHOWN_TO_FAMILY)
    own = ReadEvent.objects.filter(log_id=log_id, actor_id=own_id, action__in=SHOWN_TO_FAMILY)
    return (staff | own).order_by("-at", "-pk")
