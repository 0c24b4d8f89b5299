"""The assignment app: allocations of people to sites."""

from django.apps import AppConfig


class AssignmentConfig(AppConfig):
    name = "shiming.assignment"
    label = "assignment"
    verbose_name = "人员分配"

    def ready(self):
        from shiming.assignment import audit_state, jobs, menu, person, sheets  # noqa: F401
