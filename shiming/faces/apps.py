from django.apps import AppConfig


class FacesConfig(AppConfig):
    name = "shiming.faces"
    label = "faces"
    verbose_name = "人脸"

    def ready(self):
        from shiming.faces import audit, jobs, menu, person  # noqa: F401
