"""The demo app: the invented city and its entrance."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "shiming.demo"
    label = "demo"
    verbose_name = "演示"

    def ready(self):
        from shiming.demo import checks  # noqa: F401
