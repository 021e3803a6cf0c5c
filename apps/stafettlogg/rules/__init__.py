"""What may happen to a log, whoever asks. One file per topic; `docs/states.md` is generated from the NEXT tables."""

from apps.stafettlogg.rules.access import MAY, may, may_by, scope_of, strength

__all__ = ["MAY", "may", "may_by", "scope_of", "strength"]
