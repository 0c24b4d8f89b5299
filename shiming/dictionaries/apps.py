"""App configuration of the dictionaries module."""

from django.apps import AppConfig


class DictionariesConfig(AppConfig):
    name = "shiming.dictionaries"
    label = "dictionaries"
    verbose_name = "字典"

    def ready(self):
        from shiming.dictionaries import menu  # noqa: F401
