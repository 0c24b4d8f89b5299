"""Addresses of the API, each view with its roles."""

from django.urls import URLPattern, path

from shiming.api.door import guarded
from shiming.api.service import api
from shiming.core.doors import public

OPEN = ("openapi-json", "api-root")


def _roles_by_name() -> dict[str, frozenset]:
    """The roles of each address over all its methods; an operation without roles stops the start."""
    return {
        api.get_operation_url_name(operation, router.template): _roles(found.operations)
        for router in api._get_bound_routers()
        for found in router.path_operations.values()
        for operation in found.operations
    }


def _roles(operations) -> frozenset:
    return frozenset(role for operation in operations for role in operation.view_func.roles)


def _guarded(pattern: URLPattern, roles: dict) -> URLPattern:
    if pattern.name in OPEN:
        pattern.callback = public(methods=("GET",))(pattern.callback)
    else:
        pattern.callback = guarded(pattern.callback, roles[pattern.name])
    return pattern


def _patterns() -> list[URLPattern]:
    found, app_name, namespace = api.urls
    roles = _roles_by_name()
    return [path("", ([_guarded(pattern, roles) for pattern in found], app_name, namespace))]


urlpatterns = _patterns()
