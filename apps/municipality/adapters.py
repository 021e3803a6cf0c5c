"""Where Django's translation asks the municipality for its words (docs/adr/0010)."""

from django.utils.translation import trans_real

from apps.municipality.selectors import in_own_words


class OwnWordsTranslation(trans_real.DjangoTranslation):
    """A language's catalogue, with the municipality's own words put in: every text of the portal comes through here."""

    def gettext(self, message: str) -> str:
        return in_own_words(super().gettext(message), self.language())

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return in_own_words(super().ngettext(msgid1, msgid2, n), self.language())


def install() -> None:
    """Let Django make its catalogues of this kind. Safe to repeat."""
    vars(trans_real).update(DjangoTranslation=OwnWordsTranslation, _translations={}, _default=None)
