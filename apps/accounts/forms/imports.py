from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from apps.core.forms import PortalForm
from apps.core.spreadsheets import SheetRow

_SALT = "accounts.import"
_MOST_SECONDS = 3600


class SpreadsheetForm(PortalForm, forms.Form):
    """The file itself. It is read at once and not kept."""

    file = forms.FileField(
        label=_("Regneark"),
        help_text=_("CSV eller XLSX, høyst 2 MB. Den øverste raden er overskrifter."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )


class ConfirmImportForm(PortalForm, forms.Form):
    """What the dry run has read, signed, so that just that is written and nothing is kept in between."""

    rows = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, user_id, rows=None, **kwargs):
        super().__init__(*args, **kwargs)
        self._user_id = str(user_id)
        if rows is not None:
            told = [self._user_id, [[row.number, row.cells] for row in rows]]
            self.fields["rows"].initial = signing.dumps(told, salt=_SALT, compress=True)

    def clean_rows(self) -> list[SheetRow]:
        """The rows again. What somebody else has read, or an hour ago, must be read anew."""
        try:
            user_id, rows = signing.loads(self.cleaned_data["rows"], salt=_SALT, max_age=_MOST_SECONDS)
        except signing.BadSignature as error:
            raise forms.ValidationError(_("Det er for lenge siden. Velg fila på nytt."), code="old") from error
        if user_id != self._user_id:
            raise forms.ValidationError(_("Velg fila på nytt."), code="other")
        return [SheetRow(number, cells) for number, cells in rows]
