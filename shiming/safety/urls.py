"""URLs of the safety records."""

from django.urls import path

from shiming.safety import console

urlpatterns = [
    path("safety/trainings/", console.listing, name="training-list"),
    path("safety/trainings/new/", console.new, name="training-new"),
    path("safety/trainings/<uuid:pk>/removal/", console.removal, name="training-removal"),
    path("safety/trainings/<uuid:pk>/restoration/", console.restoration, name="training-restoration"),
]
