"""The sign-in is django-allauth's; only what the portal uses of it has an address, so there is no way to sign up."""

from functools import wraps

from allauth.account import views as allauth_views
from django.urls import include, path, re_path
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.selectors.providers import FAMILIES, STAFF
from apps.accounts.views import (
    address,
    imports,
    own,
    proof,
    provider_settings,
    sign_in,
    sign_out,
    staff,
    staff_sign_in,
)
from apps.core.requests import View


def form(view: View) -> View:
    """django-allauth's view with our manners: no PUT or OPTIONS, and 422 for a form that is shown again."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answered(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 200:
            response.status_code = 422
        return response

    return answered


sign_in_patterns = [
    path("logg-inn/", form(sign_in.SignInView.as_view()), name="account_login"),
    path("logg-ut/", sign_out.sign_out, name="account_logout"),
    path("passord/", form(allauth_views.password_change), name="account_change_password"),
    path("passord/nytt/", form(allauth_views.password_reset), name="account_reset_password"),
    # Someone without a password who wants to change it, makes one by a link in an e-mail.
    path("passord/lag/", form(allauth_views.password_reset), name="account_set_password"),
    path("passord/nytt/sendt/", require_safe(allauth_views.password_reset_done), name="account_reset_password_done"),
    path(
        "passord/nytt/ferdig/",
        require_safe(allauth_views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^passord/nytt/(?P<uidb36>[0-9a-f]+)-(?P<key>.+)/$",
        form(allauth_views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
]
own_patterns = [
    path("konto/idporten/ut/", sign_out.signed_out_there, {"key": FAMILIES}, name="family_signed_out"),
    path("konto/kommunen/", staff_sign_in.out, name="staff_out"),
    path("konto/kommunen/svar/", staff_sign_in.back, name="staff_back"),
    path("konto/kommunen/ut/", sign_out.signed_out_there, {"key": STAFF}, name="staff_signed_out"),
    path("konto/kommunen/bekreft/", staff_sign_in.prove, name="staff_prove"),
    path("konto/e-post/", address.own_address, name="own_address"),
    path("konto/e-post/<str:token>/", address.address_confirm, name="address_confirm"),
    path("konto/bekreft/", proof.prove, name="prove"),
    path("konto/kommunen/koble/", staff_sign_in.link, name="staff_link"),
    path("konto/kommunen/koble-fra/", staff_sign_in.unlink, name="staff_unlink"),
    path("innstillinger/innlogging/", provider_settings.sign_in_settings, name="sign_in_settings"),
    path("innstillinger/innlogging/prov/", provider_settings.try_provider, name="try_provider"),
    path("konto/prov/", sign_in.demo_sign_in, name="demo_sign_in"),
    path("konto/profil/", own.profile, name="profile"),
    path("konto/rolle/", own.roles, name="roles"),
    path("konto/logg-ut-overalt/", own.sign_out_everywhere, name="sign_out_everywhere"),
    path("ansatte/", staff.people, name="people"),
    path("ansatte/fra-fil/", imports.choose, name="import"),
    path("ansatte/fra-fil/lagre/", imports.write, name="import_write"),
    path("ansatte/enhet/<uuid:pk>/", staff.unit, name="unit"),
    path("ansatte/enhet/<uuid:pk>/ny/", staff.add, name="add"),
    path("ansatte/<uuid:pk>/", staff.person, name="person"),
    path("ansatte/<uuid:pk>/slutt/", staff.end_person, name="end_person"),
    path("ansatte/rolle/<uuid:pk>/slutt/", staff.end_place, name="end_place"),
]
urlpatterns = [
    path("konto/", include(sign_in_patterns)),
    path("", include((own_patterns, "accounts"))),
]
