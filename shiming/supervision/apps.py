from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "shiming.supervision"
    label = "supervision"
    verbose_name = "监管"

    def ready(self):
        from shiming.supervision import menu  # noqa: F401
