"""URLs of the companies module."""

from django.urls import path

from shiming.companies import console

urlpatterns = [
    path("companies/", console.listing, name="company-list"),
    path("company/profile/", console.own, name="company-own"),
    path("company/profile/edit/", console.own_edit, name="company-own-edit"),
    path("companies/new/", console.new, name="company-new"),
    path("companies/<uuid:pk>/", console.show, name="company-show"),
    path("companies/<uuid:pk>/edit/", console.edit, name="company-edit"),
    path("companies/<uuid:pk>/closing/", console.closing, name="company-closing"),
    path("companies/<uuid:pk>/reopening/", console.reopening, name="company-reopening"),
]
