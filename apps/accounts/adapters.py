"""Where django-allauth asks the portal: who may sign in, where to go after, and what it says.

The cache behind the rate limits is a database table (settings.CACHES), so they hold across processes and restarts.
Failed attempts are counted: by address, so that guessing one person's password ends; and by where they come from, with
more room for the addresses of the municipality's own buildings, behind which hundreds sit. A browser where the person
has signed in before is counted by itself: nobody else can shut a person out.
"""

import ipaddress
import secrets
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any
from uuid import UUID

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import rules, selectors
from apps.accounts.models import User, spellings
from apps.core.http import error_page
from apps.core.requests import SignedInRequest
from apps.core.statements import statement

log = structlog.get_logger("portal.sign_in")

KNOWN_COOKIE = "kjent"
KNOWN_SECONDS = 365 * 86400
_KNOWN_SALT = "accounts.known_browser"
_MOST_KNOWN = 5  # people who share one browser

# allauth's own messages that the portal has words for; all others are silent («Du er logget inn» helps nobody).
_MESSAGES = {
    "account/messages/password_changed.txt": gettext_lazy("Passordet er byttet."),
}


def display_name(user: User) -> str:
    """The name allauth writes wherever it names someone."""
    return user.name


class PortalBackend(AuthenticationBackend):
    """E-mail and password. What can be measured is the same whether the address is known, left or never seen.

    With a `kind` (the door) there is one candidate and one hashing; without, always two.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        password, kind = credentials.get("password"), credentials.get("kind") or ""
        if not password or "email" not in credentials:
            return None
        candidates = selectors.people_with_address(credentials["email"], kind)
        right = [user for user in candidates if user.check_password(password)]
        for _missing in range(len(candidates), 1 if kind else 2):
            for spelling in spellings(password):
                get_user_model()().set_password(spelling)
        right = [user for user in right if self.user_can_authenticate(user)]
        return right[0] if len(right) == 1 else None

    def get_user(self, user_id: UUID) -> User | None:
        user = _user_with_id.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: User) -> bool:
        """Asked at sign-in and at every request: a person who has left is out at midnight without any job."""
        return rules.may_sign_in(user, timezone.localdate())


@statement
def _user_with_id(user_id: UUID) -> QuerySet[User]:
    return User.objects.filter(pk=user_id)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "E-postadressen eller passordet er feil. Prøv igjen, eller lag nytt passord."
        ),
        "too_many_login_attempts": gettext_lazy("Du har prøvd for mange ganger. Vent ti minutter og prøv igjen."),
        "enter_current_password": gettext_lazy("Dette er ikke passordet du har nå."),
        "invalid_password_reset": gettext_lazy("Lenken virker ikke lenger. Be om en ny."),
        "rate_limited": gettext_lazy("Du har prøvd for mange ganger. Vent litt og prøv igjen."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: SignedInRequest) -> str:
        return resolve_url("stafettlogg:children" if request.user.is_citizen else "portal:start")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """As allauth's, without its way of telling that the password of a closed account was right."""
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        if user is None:
            log.warning("sign_in_failed")
        else:
            self._rollback_login_failed_rl_usage()
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """As allauth's, with more room for listed addresses."""
        is_listed = _is_listed(self.get_client_ip(request))
        self._login_failed_rl_usage = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed_listed" if is_listed else "login_failed",
            key=self._get_login_attempts_cache_key(request, **credentials),
        )
        if not self._login_failed_rl_usage:
            log.warning("sign_in_locked")
            raise self.validation_error("too_many_login_attempts")

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Attempts are counted by address alone: another host name or door in the request must not give new ones.

        A browser that is known to the address has its own.
        """
        email = _folded(credentials.get("email", ""))
        browser, known = _known_in(request)
        return f"{email} {browser}" if _mark_of(email) in known else email

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        email = _folded(user.email or "")
        for action in ("login_failed", "login_failed_listed"):
            for key in {email, self._get_login_attempts_cache_key(context.request, email=email)}:
                ratelimit.clear(context.request, app="allauth.account", action=action, key=key)

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """The browser is known to this address from now on. The cookie holds no name and no id."""
        response = super().post_login(request, user, **options)
        browser, known = _known_in(request)
        mark = _mark_of(_folded(user.email or ""))
        marks = [mark, *(other for other in known if other != mark)][:_MOST_KNOWN]
        response.set_signed_cookie(
            KNOWN_COOKIE,
            ".".join([browser or secrets.token_urlsafe(12), *marks]),
            salt=_KNOWN_SALT,
            max_age=KNOWN_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        words = message or _MESSAGES.get(message_template or "")
        if words:
            messages.add_message(request, level, words, extra_tags=extra_tags)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The address of the link in the e-mail, made from settings, never from the request's Host header."""
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.BASE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user")
        with translation.override((user.language if user else "") or translation.get_language()):
            message = self.render_mail(template_prefix, email, context)
        try:
            message.send()
        except SMTPRecipientsRefused:
            # The same page as for an address nobody has: whether there is an account is nobody's business.
            log.warning("sign_in_mail_refused")
        except (OSError, SMTPException) as error:
            log.error("sign_in_mail_failed", error=type(error).__name__)
            raise ImmediateHttpResponse(_mail_is_down(self.request)) from error


def _folded(email: str) -> str:
    return email.strip().casefold()


def _mark_of(email: str) -> str:
    return salted_hmac(_KNOWN_SALT, email, algorithm="sha256").hexdigest()[:32]


def _known_in(request: HttpRequest) -> tuple[str, list[str]]:
    """The browser's own name and the marks of the addresses it is known to; ('', []) for a new one."""
    value = request.get_signed_cookie(KNOWN_COOKIE, "", salt=_KNOWN_SALT, max_age=KNOWN_SECONDS)
    browser, *marks = (value or "").split(".")
    return browser, marks


def _is_listed(ip: str) -> bool:
    """Whether the request comes from one of the municipality's own networks (settings.LISTED_ADDRESSES)."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    return any(address in network for network in settings.LISTED_ADDRESSES)


def _mail_is_down(request):
    return error_page(
        request,
        status=503,
        title=_("Vi får ikke sendt e-post nå"),
        text=_("Prøv igjen om noen minutter."),
    )
