"""App configuration of the projects module."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "shiming.projects"
    label = "projects"
    verbose_name = "项目"

    def ready(self):
        from shiming.projects import jobs, menu, sheets, team_sheet  # noqa: F401
