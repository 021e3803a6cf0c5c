from apps.accounts.forms.sign_in import (
    AddressForm,
    ChangePasswordForm,
    NewPasswordForm,
    ProofForm,
    ResetLinkForm,
    ResetPasswordForm,
    SignInForm,
)
from apps.accounts.forms.staff import EndPlaceForm, LanguageForm, NewPlaceForm, ProtectedIdentityForm

__all__ = [
    "AddressForm",
    "ChangePasswordForm",
    "EndPlaceForm",
    "LanguageForm",
    "NewPasswordForm",
    "NewPlaceForm",
    "ProofForm",
    "ProtectedIdentityForm",
    "ResetLinkForm",
    "ResetPasswordForm",
    "SignInForm",
]
