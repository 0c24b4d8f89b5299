"""The api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "shiming.api"
    label = "api"
    verbose_name = "接口"
