"""How the points of «Klar til å åpne» about the guide stand."""

import hashlib
import json

from django.utils.translation import gettext as _

from apps.guides.models import GuideVersion
from apps.municipality.selectors.readiness import Reading, Standing


def _newest() -> GuideVersion | None:
    return GuideVersion.objects.first()


def laws(reading: Reading) -> Standing:
    """Somebody with a named role has gone through every reference that readers meet."""
    version = _newest()
    if version is None:
        return Standing(False, _("Veilederen er ikke lagt inn."))
    rows = version.content["laws"]
    missing = sum(1 for row in rows if not row.get("reviewed_by"))
    if missing:
        return Standing(False, _("%(missing)d av %(all)d mangler dato.") % {"missing": missing, "all": len(rows)})
    newest = max(rows, key=lambda row: row["reviewed_day"])
    return Standing(True, _("%(all)d er gjennomgått.") % {"all": len(rows)}, newest["reviewed_by"])


def gate_edition(reading: Reading) -> str:
    """What the words on danger to life are, in a few signs: another text gives others."""
    version = _newest()
    content = version.content.get("gate") if version is not None else None
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
