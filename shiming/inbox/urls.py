"""Addresses of the inbox and the start pages."""

from django.urls import path

from shiming.inbox import company_home, console, mobile

urlpatterns = [
    path("company/", company_home.home, name="home-company"),
    path("inbox/", console.index, name="inbox"),
    path("inbox/readings/", console.readings, name="inbox-readings"),
    path("m/", mobile.home, name="home-person"),
    path("m/inbox/", mobile.index, name="my-inbox"),
    path("m/inbox/readings/", mobile.readings, name="my-inbox-readings"),
    path("m/inbox/<uuid:pk>/", mobile.show, name="my-inbox-item"),
    path("m/inbox/<uuid:pk>/reading/", mobile.reading, name="my-inbox-reading"),
]
