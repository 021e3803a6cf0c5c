from functools import wraps

from apps.core.requests import View
from apps.municipality import access


def coordinator_only(view: View) -> View:
    """403 with the reason for everyone else."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        access.check_coordinator(request.user)
        return view(request, *args, **kwargs)

    return guarded
