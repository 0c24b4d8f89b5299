"""The routes of a demonstration, as config/urls.py includes them in that mode."""

from django.urls import include, path

from shiming.config.urls import urlpatterns as product

urlpatterns = [*product, path("", include("shiming.demo.urls"))]
