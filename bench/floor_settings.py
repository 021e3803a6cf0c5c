"""The floor's settings: the portal's database and apps, and the least middleware a signed-in page can have."""

from bti_portal.settings import *  # noqa: F403 -- the floor is the portal's settings with less around it

ROOT_URLCONF = "bench.floor"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # the sign-in refuses to start without it
]
