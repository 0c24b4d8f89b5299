from django.apps import AppConfig


class AdmissionConfig(AppConfig):
    name = "shiming.admission"
    label = "admission"
    verbose_name = "准入检查"

    def ready(self):
        from shiming.admission import age, jobs, menu  # noqa: F401
