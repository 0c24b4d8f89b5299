"""URLs of the admission checks."""

from django.urls import path

from shiming.admission import console

urlpatterns = [
    path("site/checks/", console.here, name="site-checks"),
    path("projects/<uuid:pk>/checks/", console.board, name="project-checks"),
    path("projects/<uuid:pk>/checks/<slug:code>/", console.edit, name="check-edit"),
    path("projects/<uuid:pk>/checks/<slug:code>/stopped/", console.stopped, name="check-stopped"),
    path("checks/<uuid:pk>/start/", console.start, name="check-start"),
    path("checks/<uuid:pk>/stop/", console.stop, name="check-stop"),
    path("checks/<uuid:pk>/discard/", console.discard, name="check-discard"),
]
