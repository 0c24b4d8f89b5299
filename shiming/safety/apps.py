from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "shiming.safety"
    label = "safety"
    verbose_name = "安全培训"

    def ready(self):
        from shiming.safety import check, jobs, menu, person, sheets  # noqa: F401
