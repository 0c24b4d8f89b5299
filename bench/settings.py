"""The product's settings, and before everything else the bare views it is measured against."""

from shiming.config.settings import *  # noqa: F403
from shiming.config.settings import MIDDLEWARE, STORAGES

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.bare.Bare", *MIDDLEWARE]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
