from django.urls import path

from shiming.administration.console import dictionaries, home, import_mending, imports, trail

urlpatterns = [
    path("admin-tools/", home.home, name="home-admin"),
    path("admin-tools/dictionaries/", dictionaries.tables, name="dictionary-list"),
    path("admin-tools/dictionaries/<slug:table>/", dictionaries.show, name="dictionary-show"),
    path("admin-tools/dictionaries/<slug:table>/new/", dictionaries.new, name="dictionary-new"),
    path("admin-tools/dictionaries/<slug:table>/<int:pk>/", dictionaries.edit, name="dictionary-edit"),
    path("admin-tools/trail/", trail.listing, name="trail-list"),
    path("imports/", imports.listing, name="import-list"),
    path("imports/files/<uuid:pk>/", imports.show, name="import-show"),
    path("imports/files/<uuid:pk>/progress/", imports.progress, name="import-progress"),
    path("imports/files/<uuid:pk>/commitment/", imports.commitment, name="import-commitment"),
    path("imports/files/<uuid:pk>/cancellation/", imports.cancellation, name="import-cancellation"),
    path("imports/files/<uuid:pk>/columns/", import_mending.columns, name="import-columns"),
    path("imports/files/<uuid:pk>/corrections/", import_mending.corrections, name="import-corrections"),
    path("imports/files/<uuid:pk>/marked/", imports.marked, name="import-marked"),
    path("imports/<slug:code>/", imports.upload, name="import-upload"),
    path("imports/<slug:code>/template/", imports.template, name="import-template"),
]
