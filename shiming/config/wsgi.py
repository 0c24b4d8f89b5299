"""The WSGI application; refuses to start when a safety check fails."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shiming.config.settings")
application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402  these need the applications that were just loaded

from shiming.core.checks import refuse_unsafe  # noqa: E402

refuse_unsafe()
get_resolver().check()  # loads every page at start, not at the first request
gc.freeze()  # later garbage collections skip everything loaded so far
