from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "shiming.bulletins"
    label = "bulletins"
    verbose_name = "最新信息"

    def ready(self):
        from shiming.bulletins import menu  # noqa: F401
