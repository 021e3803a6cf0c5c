from django.db import models
from django.utils.translation import gettext_lazy as _


class UserKind(models.TextChoices):
    """An employee or a citizen, never both: an employee who is a parent has another user for that."""

    EMPLOYEE = "employee", _("Ansatt")
    CITIZEN = "citizen", _("Foresatt eller ungdom")


class ProviderKind(models.TextChoices):
    """Whose provider the employees sign in with. All are spoken to alike; the guide in docs/sign-in/ differs."""

    ENTRA = "entra", _("Entra ID (Microsoft)")
    FEIDE = "feide", _("Feide")
    ANSATTPORTEN = "ansattporten", _("Ansattporten")
    OTHER = "other", _("En annen med OpenID Connect")


class Door(models.TextChoices):
    """The three ways in. The door says which kind of user the e-mail address belongs to."""

    EMPLOYEE = "ansatt", _("Ansatt")
    PARENT = "foreldre", _("Foreldre")
    YOUTH = "ung", _("Barn og unge")

    @property
    def user_kind(self) -> str:
        return UserKind.EMPLOYEE if self == Door.EMPLOYEE else UserKind.CITIZEN


class Verdict(models.TextChoices):
    """What becomes of a row of a spreadsheet, the gravest last."""

    SAME = "same", _("Uendret")
    CHANGED = "changed", _("Endres")
    NEW = "new", _("Ny")
    ERROR = "error", _("Feil")
