"""The product's addresses, and one bare view among them."""

from django.urls import path

from bench.bare import insert
from shiming.config.urls import handler500 as handler500
from shiming.config.urls import urlpatterns
from shiming.core.doors import public

urlpatterns = [path("bench/view/", public(methods=("POST",))(insert)), *urlpatterns]
