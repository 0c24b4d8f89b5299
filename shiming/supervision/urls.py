from django.urls import path

from shiming.supervision import console

urlpatterns = [
    path("oversight/", console.home, name="home-oversight"),
    path("supervision/", console.sites, name="supervision-sites"),
    path("supervision/export/", console.sites_export, name="supervision-sites-export"),
    path("supervision/sites/<uuid:pk>/", console.site, name="supervision-site"),
    path("supervision/places/<uuid:pk>/", console.place, name="supervision-place"),
    path("supervision/places/<uuid:pk>/export/", console.place_export, name="supervision-place-export"),
    path("supervision/troubles/", console.trouble_list, name="supervision-troubles"),
    path("supervision/troubles/<uuid:pk>/", console.trouble, name="supervision-trouble"),
]
