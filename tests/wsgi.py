"""The product for the journeys, which prints internal errors so that a failing journey shows its reason."""

import logging

from shiming.config.wsgi import application

logging.getLogger("django.request").addHandler(logging.StreamHandler())
logging.getLogger("django.request").setLevel(logging.ERROR)

__all__ = ["application"]
