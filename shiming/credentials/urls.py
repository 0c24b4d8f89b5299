"""URLs of the certificates of people."""

from django.urls import path

from shiming.credentials import console

urlpatterns = [
    path("credentials/", console.listing, name="credential-list"),
    path("credentials/new/", console.new, name="credential-new"),
    path("credentials/missing/", console.missing, name="credential-missing"),
    path("credentials/<uuid:pk>/", console.edit, name="credential-edit"),
    path("credentials/<uuid:pk>/removal/", console.removal, name="credential-removal"),
]
