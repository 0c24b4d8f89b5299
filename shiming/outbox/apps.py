"""App configuration of the outbox module."""

from django.apps import AppConfig

from shiming.core.actor import Door, Role


class OutboxConfig(AppConfig):
    name = "shiming.outbox"
    label = "outbox"
    verbose_name = "消息"

    def ready(self):
        from shiming.web import menu

        menu.add(
            door=Door.ADMIN,
            roles=[Role.SYS_ADMIN],
            group="运行",
            label="消息",
            url_name="outbox",
            icon="send",
            order=70,
        )
