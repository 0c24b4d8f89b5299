"""URLs of 限制进场."""

from django.urls import path

from shiming.restrictions import console, mobile

urlpatterns = [
    path("restrictions/", console.listing, name="restriction-list"),
    path("restrictions/new/", console.new, name="restriction-new"),
    path("restrictions/<uuid:pk>/", console.show, name="restriction-show"),
    path("restrictions/<uuid:pk>/decision/", console.decision, name="restriction-decision"),
    path("restrictions/<uuid:pk>/second/", console.second, name="restriction-second"),
    path("restrictions/opinions/<uuid:pk>/", console.opinion, name="restriction-opinion"),
    path("restrictions/papers/<uuid:pk>/", console.paper, name="restriction-paper"),
    path("m/restrictions/", mobile.mine, name="my-restrictions"),
    path("m/restrictions/<uuid:pk>/", mobile.my_one, name="my-restriction"),
]
