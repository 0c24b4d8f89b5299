"""URLs of the dictionaries module."""

from django.urls import path

from shiming.dictionaries import console, public

urlpatterns = [
    path("regions/", public.divisions, name="regions"),
    path("admin-tools/dictionaries/", console.tables, name="dictionary-list"),
    path("admin-tools/dictionaries/<slug:table>/", console.show, name="dictionary-show"),
    path("admin-tools/dictionaries/<slug:table>/new/", console.new, name="dictionary-new"),
    path("admin-tools/dictionaries/<slug:table>/<int:pk>/", console.edit, name="dictionary-edit"),
]
