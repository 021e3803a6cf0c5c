"""Where Django's translation asks the municipality for its words (docs/adr/0010)."""

from typing import Any

from django.utils.translation import trans_real

from apps.municipality.selectors import in_own_words


class OwnWordsTranslation(trans_real.DjangoTranslation):
    """A language's catalogue, with the municipality's own words put in: every text of the portal comes through here."""

    # The portal has some thousand texts of its own; what is more comes from elsewhere and is looked up each time.
    _MOST = 10_000

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._known: dict[str, str] = {}
        super().__init__(*args, **kwargs)
        self._known.clear()  # Django has asked before every catalogue was in

    def gettext(self, message: str) -> str:
        known = self._known.get(message)
        if known is None:
            known = super().gettext(message)
            if len(self._known) < self._MOST:
                self._known[message] = known
        return in_own_words(known, self.language())

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return in_own_words(super().ngettext(msgid1, msgid2, n), self.language())


def install() -> None:
    """Let Django make its catalogues of this kind. Safe to repeat."""
    vars(trans_real).update(DjangoTranslation=OwnWordsTranslation, _translations={}, _default=None)
