"""The forms of django-allauth, in plain words and by the portal's own way of finding people."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts import rules, selectors, services
from apps.accounts.enums import Door
from apps.accounts.models import User

_EMAIL_ERRORS = {
    "required": _("Skriv e-postadressen din."),
    "invalid": _("Skriv e-postadressen slik: navn@eksempel.no."),
}
_NEW_PASSWORD_HELP = _("Minst 12 tegn. Gjerne fire ord som ikke hører sammen.")


class _Plain(forms.BaseForm):
    """No placeholders, no browser balloons: the label says what, the error says how."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def _new_password_fields(self):
        first, second = self.fields["password1"], self.fields["password2"]
        first.label, first.help_text = _("Nytt passord"), _NEW_PASSWORD_HELP
        first.error_messages["required"] = _("Skriv et nytt passord.")
        second.label, second.help_text = _("Nytt passord én gang til"), ""
        second.error_messages["required"] = _("Skriv det nye passordet én gang til.")


class SignInForm(_Plain, allauth_forms.LoginForm):
    dor = forms.ChoiceField(choices=Door.choices, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        email, password = self.fields["login"], self.fields["password"]
        email.label = _("E-postadresse")
        email.error_messages.update(_EMAIL_ERRORS)
        email.widget.attrs["autocomplete"] = "username"
        password.label, password.help_text = _("Passord"), ""
        password.error_messages["required"] = _("Skriv passordet ditt.")

    def user_credentials(self) -> dict[str, str]:
        door = self.cleaned_data.get("dor")
        return super().user_credentials() | {"kind": Door(door).user_kind if door else ""}


class ResetPasswordForm(_Plain, allauth_forms.ResetPasswordForm):
    """Sends one e-mail whoever asks: the way to a new password, or that nobody here has this address."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-postadresse")
        self.fields["email"].error_messages.update(_EMAIL_ERRORS)

    def clean_email(self) -> str:
        today = timezone.localdate()
        people = selectors.people_with_address(self.cleaned_data["email"])
        self.users = [user for user in people if rules.may_sign_in(user, today)]
        return self.cleaned_data["email"]

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if self.users:
            return super().save(request, **kwargs)
        email = self.cleaned_data["email"]
        get_adapter().send_mail("account/email/unknown_account", email, {"request": request})
        return email


class ResetLinkForm(allauth_forms.UserTokenForm):
    def _get_user(self, uidb36):
        """The user with this id; None for what is no id, and for a person who has left."""
        try:
            user = super()._get_user(uidb36)
        except ValidationError:
            return None
        return user if user is not None and rules.may_sign_in(user, timezone.localdate()) else None


class NewPasswordForm(_Plain, allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._new_password_fields()

    def save(self) -> None:
        super().save()
        services.confirm_address(self.user)


class ChangePasswordForm(_Plain, allauth_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        old = self.fields["oldpassword"]
        old.label, old.help_text = _("Passordet du har nå"), ""
        old.error_messages["required"] = _("Skriv passordet du har nå.")
        self._new_password_fields()


class ProofForm(_Plain, forms.Form):
    """The person's own password, once more."""

    password = forms.CharField(
        label=_("Passordet ditt"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Skriv passordet ditt.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise ValidationError(_("Dette er ikke passordet du har nå."))
        return self.cleaned_data["password"]


class AddressForm(_Plain, forms.Form):
    """A guardian's or youth's own address."""

    email = forms.EmailField(
        label=_("E-postadresse"),
        max_length=254,
        error_messages=_EMAIL_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()
