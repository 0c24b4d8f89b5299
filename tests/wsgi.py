"""The product as journeys run it: what goes wrong inside is printed, so that a failing journey says why."""

import logging

from shiming.config.wsgi import application

logging.getLogger("django.request").addHandler(logging.StreamHandler())
logging.getLogger("django.request").setLevel(logging.ERROR)

__all__ = ["application"]
