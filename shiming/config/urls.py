"""URLs of all modules, in lookup order."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from shiming.config.health import health

# In lookup order: the gate comes first because workers queue there.
MODULES = (
    *("presence", "attendance", "desk", "web", "people", "companies", "projects", "employment", "attachments"),
    *("assignment", "admission", "safety", "credentials", "restrictions", "binding", "health", "faces", "ledgers"),
    *("inbox", "outbox", "bulletins"),
    *("oversight", "devices", "accounts"),
    *("dictionaries", "imports", "administration"),
)

urlpatterns = [path("healthz", health, name="health")]
urlpatterns += [path("", include(f"shiming.{name}.urls")) for name in MODULES if find_spec(f"shiming.{name}.urls")]
if find_spec("shiming.api.urls"):
    urlpatterns.append(path("api/", include("shiming.api.urls")))
if settings.DEMO and find_spec("shiming.demo.urls"):
    urlpatterns.append(path("", include("shiming.demo.urls")))

handler500 = "shiming.web.views.server_error"
