from django.apps import AppConfig


class FacesConfig(AppConfig):
    name = "shiming.faces"
    label = "faces"
    verbose_name = "人脸"
