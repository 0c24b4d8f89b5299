"""Addresses of the allocation pages."""

from django.urls import path

from shiming.assignment import console

urlpatterns = [
    path("assignments/", console.places, name="assignment-places"),
    path("assignments/<uuid:pk>/people/", console.new, name="assignment-new"),
    path("assignments/<uuid:pk>/managers/", console.managers, name="assignment-managers"),
    path("assignments/people/", console.people, name="assignment-people"),
    path("assignments/allocation/", console.allocation, name="assignment-allocation"),
    path("assignments/list/", console.listing, name="assignment-list"),
    path("assignments/waiting/", console.waiting, name="assignment-waiting"),
    path("assignments/answered/", console.answered, name="assignment-answered"),
    path("assignments/confirmations/", console.confirmations, name="assignment-confirmations"),
    path("assignments/rejections/", console.rejections, name="assignment-rejections"),
    path("assignments/removals/", console.removals, name="assignment-removals"),
    path("assignments/projects/", console.projects, name="assignment-projects"),
    path("assignments/projects/<uuid:pk>/tree/", console.tree, name="assignment-tree"),
    path("assignments/projects/<uuid:pk>/placed/", console.placed, name="assignment-placed"),
    path("assignments/acceptance/", console.acceptance, name="assignment-acceptance"),
    path("assignments/acceptances/", console.acceptances, name="assignment-acceptances"),
    path("assignments/acceptance/processed/", console.processed, name="assignment-processed"),
    path("assignments/<uuid:pk>/", console.show, name="assignment-show"),
    path("assignments/<uuid:pk>/resubmission/", console.resubmission, name="assignment-resubmission"),
]
