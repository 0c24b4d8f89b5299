"""URLs of the notice board."""

from django.urls import path

from shiming.bulletins.console import board, reading

urlpatterns = [
    path("bulletins/", reading.listing, name="bulletin-list"),
    path("bulletins/<uuid:pk>/", reading.show, name="bulletin"),
    path("bulletins/files/<uuid:pk>/", reading.file, name="bulletin-file"),
    path("admin-tools/bulletins/", board.listing, name="bulletin-board"),
    path("admin-tools/bulletins/new/", board.new, name="bulletin-new"),
    path("admin-tools/bulletins/<uuid:pk>/", board.edit, name="bulletin-edit"),
    path("admin-tools/bulletins/<uuid:pk>/withdrawal/", board.withdrawal, name="bulletin-withdrawal"),
    path("admin-tools/bulletins/<uuid:pk>/files/", board.upload, name="bulletin-files"),
    path("admin-tools/bulletins/files/<uuid:pk>/removal/", board.removal, name="bulletin-file-removal"),
]
