from django.conf import settings
from django.utils import translation

from apps.core.log import is_unlogged
from apps.municipality import selectors


class SettingsCacheMiddleware:
    """Reads the municipality's settings and words at most once per request; the next request sees every change."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with selectors.kept_in_mind():
            return self.get_response(request)


class UserLanguageMiddleware:
    """The person's own language; for visitors the one they chose (cookie); else settings.LANGUAGE_CODE.

    On the page about suspected violence it is chosen in the address (`?sprak=nn`), for that page: nothing is kept.

    A language the municipality has dropped is no choice any longer. The default is always there
    (`rules.check_languages`), so nothing is read for it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = self._language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _language_of(self, request):
        wanted = (
            request.GET.get("sprak", "") if is_unlogged(request.path) else "",
            getattr(request.user, "language", "") if request.user.is_authenticated else "",
            request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
            settings.LANGUAGE_CODE,
        )
        return next(language for language in wanted if _is_offered(language))


def _is_offered(language: str) -> bool:
    return language == settings.LANGUAGE_CODE or (bool(language) and language in selectors.languages())
