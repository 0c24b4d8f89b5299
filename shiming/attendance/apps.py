"""The attendance app: punches, attendance days, corrections."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AttendanceConfig(AppConfig):
    name = "shiming.attendance"
    label = "attendance"
    verbose_name = "考勤"

    def ready(self):
        from shiming.attendance import menu, person, work_hours  # noqa: F401

        post_migrate.connect(_make_partitions, sender=self)


def _make_partitions(**kwargs):
    from shiming.attendance import partitions

    partitions.ensure()
