"""Included by config/urls.py in a demonstration only; checks.py stops a real installation with these routes."""

from django.urls import path

from shiming.demo import console

urlpatterns = [
    path("demo/", console.accounts, name="demo-accounts"),
    path("demo/<slug:key>/entrance/", console.enter, name="demo-enter"),
]
