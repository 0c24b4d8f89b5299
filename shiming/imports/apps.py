"""App configuration of the imports module."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "shiming.imports"
    label = "imports"
    verbose_name = "Excel 导入"

    def ready(self):
        from shiming.imports import menu  # noqa: F401
