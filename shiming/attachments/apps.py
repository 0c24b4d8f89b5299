from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "shiming.attachments"
    label = "attachments"
    verbose_name = "附件"

    def ready(self):
        from shiming.attachments import jobs, person, registration  # noqa: F401
