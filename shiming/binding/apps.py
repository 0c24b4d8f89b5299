from django.apps import AppConfig


class BindingConfig(AppConfig):
    name = "shiming.binding"
    label = "binding"
    verbose_name = "项目人员绑定"

    def ready(self):
        from shiming.binding import jobs, menu, papers, person  # noqa: F401
        from shiming.binding.console import poster  # noqa: F401
