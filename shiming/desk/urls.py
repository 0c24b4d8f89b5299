"""Addresses of the entry desk."""

from django.urls import path

from shiming.desk.console import lists, registration

urlpatterns = [
    path("stays/desk/", registration.desk, name="stay-desk"),
    path("stays/desk/registration/", registration.registration, name="stay-desk-registration"),
    path("stays/desk/irregular/", registration.irregular, name="stay-desk-irregular"),
    path("stays/desk/manager/", registration.manager, name="stay-desk-manager"),
    path("stays/desk/who/", registration.who, name="stay-desk-who"),
    path("stays/desk/queue/", registration.queue, name="stay-desk-queue"),
    path("stays/desk/undo/", registration.undo, name="stay-desk-undo"),
    path("stays/desk/exits/", lists.exits, name="stay-desk-exits"),
    path("stays/query/", lists.query, name="stay-query"),
    path("stays/<uuid:pk>/edit/", registration.edit, name="stay-edit"),
    path("stays/<uuid:pk>/record/", lists.record, name="stay-record"),
]
