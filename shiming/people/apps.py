"""App configuration of the people module."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "shiming.people"
    label = "people"
    verbose_name = "人员"

    def ready(self):
        from shiming.people import menu, person  # noqa: F401
