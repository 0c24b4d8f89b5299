"""The product's settings, with the bare views of the bench as outermost middleware."""

from shiming.config.settings import *  # noqa: F403
from shiming.config.settings import MIDDLEWARE, STORAGES

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.bare.Bare", *MIDDLEWARE]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
