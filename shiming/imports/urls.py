"""URLs of the imports module."""

from django.urls import path

from shiming.imports.console import corrections, files

urlpatterns = [
    path("imports/", files.listing, name="import-list"),
    path("imports/files/<uuid:pk>/", files.show, name="import-show"),
    path("imports/files/<uuid:pk>/progress/", files.progress, name="import-progress"),
    path("imports/files/<uuid:pk>/commitment/", files.commitment, name="import-commitment"),
    path("imports/files/<uuid:pk>/cancellation/", files.cancellation, name="import-cancellation"),
    path("imports/files/<uuid:pk>/columns/", corrections.columns, name="import-columns"),
    path("imports/files/<uuid:pk>/corrections/", corrections.corrections, name="import-corrections"),
    path("imports/files/<uuid:pk>/marked/", files.marked, name="import-marked"),
    path("imports/<slug:code>/", files.upload, name="import-upload"),
    path("imports/<slug:code>/template/", files.template, name="import-template"),
]
