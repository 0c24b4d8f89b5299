from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "shiming.credentials"
    label = "credentials"
    verbose_name = "人员证书"

    def ready(self):
        from shiming.credentials import check, jobs, menu, person, sheets  # noqa: F401
