"""All settings, from the environment. Without DATABASE_URL the portal runs embedded (SQLite, keys made in DATA_DIR).

With DATABASE_URL every secret must be given; a missing or wrong value stops the start with one sentence that says what
is wrong (`ImproperlyConfigured`). The table of variables is in README.md.
"""

import base64
import binascii
import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from whitenoise.compress import Compressor

from apps.core.log import configure, logging_config
from bti_portal.environment import address, boolean, env, id_porten, networks, number, refuse

BASE_DIR = Path(__file__).resolve().parent.parent


DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).absolute()
EMBEDDED = not env.str("DATABASE_URL", default="")
if EMBEDDED:
    # Database, e-mails and logs of the embedded mode are for the account that runs it and no other.
    os.umask(0o077)
DEBUG = boolean("DEBUG", default=False)
DEMO = boolean("DEMO", default=EMBEDDED)
OPEN_FOR_TRIAL = boolean("OPEN_FOR_TRIAL", default=False)  # `check --deploy` fails with it


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _embedded_keys() -> dict[str, str]:
    """Keys of the embedded mode: made once, readable by the owner only, kept beside the database they protect."""
    path = DATA_DIR / "keys.json"
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        made = {"SECRET_KEY": secrets.token_urlsafe(50), "FIELD_KEYS": f"k1:{_new_key()}", "INDEX_KEY": _new_key()}
        own = path.with_name(f"keys.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made, file)
        try:
            os.link(own, path)
        except FileExistsError:
            own.unlink()
            return json.loads(path.read_text("utf-8"))
        own.unlink()
    return json.loads(path.read_text("utf-8"))


def _secret(name: str) -> str:  # noqa: RET503 -- `refuse` never returns
    value = env.str(name, default="")
    if value:
        return value
    if EMBEDDED:
        return _embedded_keys()[name]
    refuse(f"{name} is missing. With DATABASE_URL every secret must be given; see .env.example.")


def _key(name: str, text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        refuse(f"{name} must be 32 bytes written in base64 (openssl rand -base64 32).")
    return raw


def _field_keys(text: str) -> dict[str, bytes]:
    """`id:base64[,id:base64…]`, newest first: the first encrypts, all decrypt."""
    keys = {}
    for part in text.split(","):
        key_id, _, value = part.strip().partition(":")
        if not key_id or not value:
            refuse("FIELD_KEYS must look like k1:<base64>[,k0:<base64>], newest first.")
        keys[key_id] = _key(f"FIELD_KEYS ({key_id})", value)
    return keys


SECRET_KEY = _secret("SECRET_KEY")
if len(SECRET_KEY) < 40:
    refuse("SECRET_KEY is too short: give at least 40 characters.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_KEYS = _field_keys(_secret("FIELD_KEYS"))
INDEX_KEY = _key("INDEX_KEY", _secret("INDEX_KEY"))

# Addresses -----------------------------------------------------------------------------------------------------------
PORT = number("PORT", default=8000)
BASE_URL = env.str("BASE_URL", default=f"http://localhost:{PORT}" if EMBEDDED else "").rstrip("/")
if not BASE_URL.startswith(("http://", "https://")):
    refuse("BASE_URL is missing. Give the public address of the portal, for example https://bti.solvik.example")
SECURE = BASE_URL.startswith("https://")
if not SECURE and not EMBEDDED and not DEBUG and not boolean("ALLOW_HTTP", default=False):
    refuse("BASE_URL must start with https:// when DATABASE_URL is set (ALLOW_HTTP=true lifts this for local trials).")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if EMBEDDED else [])
if not ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS is missing. List the host names of the portal, separated by commas.")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
USE_X_FORWARDED_HOST = False
if boolean("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the visitor's address, which is counted, comes last in X-Forwarded-For

# Applications: the order is the stack of docs/adr ---------------------------------------------------------------------
PORTAL_APPS = [
    "apps.core",
    "apps.audit",
    "apps.municipality",
    "apps.accounts",
    "apps.notifications",
    "apps.guides",
    "apps.stafettlogg",
    "apps.portal",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "guardian",
    "simple_history",
    "csp",
    "django_prose_editor",
    *PORTAL_APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.middleware.RequestIdMiddleware",
    "apps.municipality.middleware.SettingsCacheMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "apps.core.middleware.NoStoreMiddleware",
    "apps.core.middleware.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "apps.core.middleware.OnlyFormsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.core.middleware.SessionLimitsMiddleware",
    "apps.municipality.middleware.UserLanguageMiddleware",
    "apps.core.middleware.ExpiredPostMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "apps.municipality.middleware.NotOpenedMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "apps.stafettlogg.middleware.SignInLevelMiddleware",
    "apps.core.middleware.FailedPdfMiddleware",
    "apps.audit.middleware.ReadAuditMiddleware",
]
ROOT_URLCONF = "bti_portal.urls"
WSGI_APPLICATION = "bti_portal.wsgi.application"
FORM_RENDERER = "apps.core.rendering.PortalRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.portal.context.frame",
            ],
        },
    }
]

# Database ------------------------------------------------------------------------------------------------------------
ATOMIC_REQUESTS = False
DATABASES: dict[str, dict[str, Any]]
if EMBEDDED:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "portal.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
            "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
        }
    }
else:
    DATABASES = {"default": address("DATABASE_URL", env.db)}
    if "postgresql" not in DATABASES["default"]["ENGINE"]:
        refuse("DATABASE_URL must point to PostgreSQL (postgres://user:password@host/name).")
    DATABASES["default"] |= {
        "CONN_MAX_AGE": number("CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
    # A page looks up few rows by their keys. By PostgreSQL's own defaults, meant for disks with moving parts and for
    # long reports, it reads whole tables as they grow, starts processes to help, and compiles plans.
    SESSION_OPTIONS = ["random_page_cost=1.1", "max_parallel_workers_per_gather=0", "jit=off"]
    # What is prepared is planned once for a connection, whatever the values (core.prepared).
    SESSION_OPTIONS += ["plan_cache_mode=force_generic_plan"]
    if not boolean("LONG_STATEMENTS", default=False):
        SESSION_OPTIONS += ["statement_timeout=10000", "lock_timeout=5000", "idle_in_transaction_session_timeout=30000"]
    # A database that accepts and never answers, or a network that swallows, must not hold a thread for ever.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,
        "tcp_user_timeout": 20_000,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        **DATABASES["default"].get("OPTIONS", {}),
        "options": " ".join(f"-c {option}" for option in SESSION_OPTIONS),
    }
PREPARED_STATEMENTS = boolean("PREPARED_STATEMENTS", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # The rate limits live here: filling the table must not push them out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# People and sessions --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["apps.accounts.adapters.PortalBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:start"
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:signed_out"
ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "apps.accounts.adapters.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
# Failures are counted, never successes: at eight in the morning a whole town hall signs in from one address.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "6/10m/key,60/10m/ip",
    "login_failed_listed": "6/10m/key,600/10m/ip",
    "reset_password": "5/h/key,20/h/ip",
}
LISTED_ADDRESSES = networks("LISTED_ADDRESSES")
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 -- a path
ACCOUNT_FORMS = {
    "login": "apps.accounts.forms.SignInForm",
    "change_password": "apps.accounts.forms.ChangePasswordForm",
    "reset_password": "apps.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "apps.accounts.forms.NewPasswordForm",
    "user_token": "apps.accounts.forms.ResetLinkForm",
}
SESSION_ENGINE = "apps.core.sessions"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_IDLE_SECONDS = number("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_ABSOLUTE_SECONDS = 10 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "apps.core.http.csrf_failure"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "sprak"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 86400

ID_PORTEN = id_porten(must_be_https=SECURE)  # families' sign-in, or None

# django-guardian: its direct foreign key model, stafettlogg.LogAccess, is the one permission table
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
# The e-mail address is unique among employees and among citizens (accounts.User), which the check cannot know; and
# HSTS_PRELOAD is a choice.
SILENCED_SYSTEM_CHECKS = ["guardian.W001", "auth.W004", "security.W021"]
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = False

# Browser -------------------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE and boolean("SSL_REDIRECT", default=True)
# Whoever watches over the portal asks from inside, without https.
SECURE_REDIRECT_EXEMPT = [r"^helse/$"]
SECURE_HSTS_SECONDS = number("HSTS_SECONDS", default=31_536_000 if SECURE else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
# The list that browsers are built with is hard to get off again: the municipality chooses it for its own domain.
SECURE_HSTS_PRELOAD = SECURE and boolean("HSTS_PRELOAD", default=False)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
_DEVICES = "accelerometer camera display-capture geolocation gyroscope microphone payment usb"
PERMISSIONS_POLICY: dict[str, list[str]] = {name: [] for name in _DEVICES.split()}

# Language and time ----------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Oslo"
USE_I18N = USE_TZ = True

# Files ---------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if boolean("HASHED_STATIC", default=True)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not boolean("HASHED_STATIC", default=True)
# The pages for 404 and 500 stand alone and name the files without their hashes.
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
# Source maps are large, and nobody but a developer's tools asks for them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
# The age public keys that copies are sealed to (core.backup). The private half is on no server.
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
FIXTURES_DIR = BASE_DIR / "fixtures"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Room for the largest file that is taken (a scan), so that a full /tmp stops nobody.
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# Mail and background work ---------------------------------------------------------------------------------------------
if not EMBEDDED and not env.str("EMAIL_URL", default=""):
    refuse("EMAIL_URL is missing. Give the mail server, for example smtp+tls://user:password@mail.solvik.example:587")
EMAIL_CONFIG = address("EMAIL_URL", env.email_url, default="filemail:///")
vars().update(EMAIL_CONFIG)
if EMBEDDED and "filebased" in EMAIL_CONFIG["EMAIL_BACKEND"]:
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default="ikke-svar@solvik.example" if EMBEDDED else "")
if not DEFAULT_FROM_EMAIL:
    refuse("FROM_EMAIL is missing. Give the address that the portal's e-mails come from.")
CELERY_BROKER_URL = env.str("REDIS_URL", default="filesystem://" if EMBEDDED else "")
if not CELERY_BROKER_URL:
    refuse("REDIS_URL is missing. Give the broker, for example redis://localhost:6379/0")
if not CELERY_BROKER_URL.startswith(("redis://", "rediss://", "redis+socket://", "filesystem://")):
    refuse("REDIS_URL must be the address of a Redis, for example redis://localhost:6379/0")
CELERY_DIR = DATA_DIR / "celery"

# Logging: lines without personal data ---------------------------------------------------------------------------------
configure()
LOGGING = logging_config(level=env.str("LOG_LEVEL", default="INFO"), as_json=boolean("LOG_JSON", default=not EMBEDDED))

# What belongs to trials and tests only --------------------------------------------------------------------------------
SYNTHETIC_IDS = boolean("SYNTHETIC_IDS", default=DEMO)
TESTING = "pytest" in sys.modules
