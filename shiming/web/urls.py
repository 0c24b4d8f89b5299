"""URLs of filters, list export and, in tests, the component gallery."""

from django.conf import settings
from django.urls import path

from shiming.core.environment import environment
from shiming.web import gallery, list_export, views

urlpatterns = [
    path("_filters/", views.seal_filter, name="web-filter"),
    path("lists/file/", list_export.take, name="list-file"),
    path("lists/signed/", list_export.check, name="signed-file"),
]

if settings.DEBUG or environment().mode == "test":
    urlpatterns += [
        path("_gallery/", gallery.show, name="web-gallery"),
        path("_gallery/phone/", gallery.phone, name="web-gallery-phone"),
        path("_gallery/entrance/", gallery.entrance, name="web-gallery-entrance"),
        path("_gallery/dialog/", gallery.dialog, name="web-gallery-dialog"),
        path("_gallery/scan/", gallery.scan, name="web-gallery-scan"),
        path("_gallery/paper/", gallery.paper, name="web-gallery-paper"),
        path("_gallery/refused/", gallery.refused, name="web-gallery-refused"),
        path("_gallery/error/<int:status>/", gallery.error, name="web-gallery-error"),
    ]
