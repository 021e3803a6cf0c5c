from django.utils.text import slugify

from apps.core.text import LocalizedText
from apps.municipality.models import PhoneNumber, Role


def free_key(model: type[PhoneNumber] | type[Role], label: LocalizedText, length: int) -> str:
    """A key from the bokmål label that nobody has."""
    text = label.get("nb").lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    wanted = slugify(text)[: length - 3] or "ny"
    taken = set(model.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    return next(key for key in (wanted, *(f"{wanted}-{n}" for n in range(2, 100))) if key not in taken)
