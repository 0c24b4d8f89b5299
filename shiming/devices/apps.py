"""The devices app: card readers, bridges, the simulator."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "shiming.devices"
    label = "devices"
    verbose_name = "设备"

    def ready(self):
        from shiming.devices import forms, menu, sections  # noqa: F401
