from apps.accounts.forms.sign_in import (
    ChangePasswordForm,
    NewPasswordForm,
    ResetLinkForm,
    ResetPasswordForm,
    SignInForm,
)
from apps.accounts.forms.staff import (
    AbsenceForm,
    EndPlaceForm,
    LanguageForm,
    NewPlaceForm,
    OwnAbsenceForm,
    ProtectedIdentityForm,
)

__all__ = [
    "AbsenceForm",
    "ChangePasswordForm",
    "EndPlaceForm",
    "LanguageForm",
    "NewPasswordForm",
    "NewPlaceForm",
    "OwnAbsenceForm",
    "ProtectedIdentityForm",
    "ResetLinkForm",
    "ResetPasswordForm",
    "SignInForm",
]
