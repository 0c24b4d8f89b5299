"""Django's settings. Differences between installations come only from environment.py."""

from urllib.parse import parse_qsl, unquote, urlsplit

from shiming.config.logs import configuration
from shiming.config.secrets import secret_key
from shiming.config.strict import STRICT
from shiming.core.environment import environment

ENV = environment()

SECRET_KEY = secret_key()
DEBUG = ENV.debug
DEMO = ENV.mode == "demo"
ALLOWED_HOSTS = [host.strip() for host in ENV.allowed_hosts.split(",") if host.strip()] or [
    "127.0.0.1",
    "localhost",
    "[::1]",
]
if ENV.mode == "test":
    ALLOWED_HOSTS.append("testserver")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "shiming.core",
    "shiming.web",
    "shiming.dictionaries",
    "shiming.imports",
    "shiming.outbox",
    "shiming.people",
    "shiming.companies",
    "shiming.projects",
    "shiming.employment",
    "shiming.attachments",
    "shiming.bulletins",
    "shiming.assignment",
    "shiming.admission",
    "shiming.safety",
    "shiming.credentials",
    "shiming.restrictions",
    "shiming.presence",
    "shiming.desk",
    "shiming.binding",
    "shiming.health",
    "shiming.attendance",
    "shiming.faces",
    "shiming.ledgers",
    "shiming.inbox",
    "shiming.oversight",
    "shiming.devices",
    "shiming.evidence",
    "shiming.accounts",
    "shiming.administration",
    "shiming.api",
    "shiming.demo",
]

MIDDLEWARE = [
    "shiming.accounts.middleware.Doorstep",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shiming.web.gatekeeping.RequestOrigin",
    "csp.middleware.CSPMiddleware",
    "shiming.web.gatekeeping.BodyLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shiming.accounts.middleware.CurrentActor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shiming.web.middleware.returned_forms",
    "shiming.web.middleware.part_redirects",
    "shiming.web.middleware.sealed_filters",
    "shiming.web.gatekeeping.Gate",
    "shiming.web.gatekeeping.Refusals",
]

ROOT_URLCONF = "shiming.config.urls"
WSGI_APPLICATION = "shiming.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "string_if_invalid": STRICT if ENV.strict_templates else "",
            "builtins": ["shiming.web.templatetags.shiming"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "shiming.web.context.shell",
            ],
        },
    }
]
if DEMO:
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("shiming.demo.context.demonstration")


def database(url: str) -> dict:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": query.pop("port", None) or parts.port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Without a threshold psycopg prepares nothing, not even with prepare=True (core/prepared_statements.py).
        "OPTIONS": {"prepare_threshold": 5} | query,
    }


DATABASES = {"default": database(ENV.database_url or "postgresql:///shiming")}

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "shiming.accounts.passwords.NotTheObvious"},
    {"NAME": "shiming.accounts.passwords.AsTheProfileAsks"},
]
PASSWORD_PROFILE = ENV.password_profile
AUTHENTICATION_BACKENDS = ["shiming.accounts.backend.Accounts"]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
LOCALE_PATHS = [ENV.folder / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = ENV.folder / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = ENV.mode == "test" or DEBUG
if WHITENOISE_USE_FINDERS:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

SESSION_ENGINE = "shiming.accounts.session_store"
SESSION_COOKIE_AGE = 2 * 3600  # before login; sessions.LIFETIMES holds the times after it
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
if ENV.https:
    SESSION_COOKIE_NAME, SESSION_COOKIE_SECURE = "__Host-session", True
    CSRF_COOKIE_NAME, CSRF_COOKIE_SECURE = "__Host-csrf", True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [ENV.public_url.rstrip("/")] if ENV.public_url else []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'", *ENV.reader_bridges.values()],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Demo cards carry generated pictures; real cards need the decoder of the reader's maker.
WLT_DECODER = ENV.wlt_decoder or ("shiming.demo.wlt:decode" if DEMO else "")

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 6_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 366 * 86_400}  # seconds (administration/scheduled_jobs.py)
LOGGING = configuration(ENV.folder, console=ENV.mode != "test")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SILENCED_SYSTEM_CHECKS = ["urls.W005"]
