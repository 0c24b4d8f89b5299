"""Addresses of the ledgers."""

from django.urls import path

from shiming.ledgers import console

urlpatterns = [
    path("ledgers/", console.index, name="ledgers"),
    path("ledgers/<slug:kind>/", console.ledger, name="ledger"),
]
