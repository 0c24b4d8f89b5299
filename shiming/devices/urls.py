"""Addresses of the card reader's pages."""

from django.urls import path

from shiming.devices import console

urlpatterns = [
    path("reader/", console.desk, name="reader"),
    path("reader/check/", console.check, name="reader-check"),
    path("reader/portrait/", console.portrait, name="reader-portrait"),
]
