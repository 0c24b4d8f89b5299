"""Addresses of the authority's pages."""

from django.urls import path

from shiming.oversight import console

urlpatterns = [
    path("oversight/", console.home, name="home-oversight"),
    path("oversight/sites/", console.sites, name="oversight-sites"),
    path("oversight/sites/<uuid:pk>/", console.site, name="oversight-site"),
    path("oversight/places/<uuid:pk>/", console.place, name="oversight-place"),
    path("oversight/troubles/", console.trouble_list, name="oversight-troubles"),
    path("oversight/troubles/<uuid:pk>/", console.trouble, name="oversight-trouble"),
]
