"""URLs of the outbox module."""

from django.urls import path

from shiming.outbox import console

urlpatterns = [
    path("admin-tools/messages/", console.index, name="outbox"),
    path("admin-tools/messages/<uuid:pk>/text/", console.reveal, name="outbox-reveal"),
]
