"""App configuration of the employment module."""

from django.apps import AppConfig


class EmploymentConfig(AppConfig):
    name = "shiming.employment"
    label = "employment"
    verbose_name = "聘用"

    def ready(self):
        from shiming.employment import jobs, manager_sheets, menu, person, sheets  # noqa: F401
