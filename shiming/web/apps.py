"""App configuration of the web module."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "shiming.web"
    label = "web"
    verbose_name = "页面"
