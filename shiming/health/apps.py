from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "shiming.health"
    label = "health"
    verbose_name = "防疫准入"

    def ready(self):
        from shiming.health import check, jobs, menu, person, sheets  # noqa: F401
