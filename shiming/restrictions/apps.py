from django.apps import AppConfig


class RestrictionsConfig(AppConfig):
    name = "shiming.restrictions"
    label = "restrictions"
    verbose_name = "限制进场"

    def ready(self):
        from shiming.restrictions import check, jobs, menu, person, sheets  # noqa: F401
