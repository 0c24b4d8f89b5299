from django.apps import AppConfig


class LedgersConfig(AppConfig):
    """台账：the papers of a site. It asks and prints, and keeps nothing."""

    name = "shiming.ledgers"
    label = "ledgers"
    verbose_name = "台账"

    def ready(self):
        from shiming.ledgers import menu  # noqa: F401
