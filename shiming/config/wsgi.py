import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shiming.config.settings")
application = get_wsgi_application()

from shiming.core.checks import refuse_unsafe  # noqa: E402  it needs the applications that were just loaded

refuse_unsafe()
