"""Values read once in a request, and each time outside of requests, so that a job never works with old values."""

from collections.abc import Callable
from functools import wraps

from shiming.core.audit import NOWHERE, origin


def per_request(read: Callable) -> Callable:
    """Keeps what `read` answered to these arguments until the request ends or somebody says `forget`."""

    @wraps(read)
    def kept(*arguments):
        known = origin.get().known
        if known is NOWHERE.known:
            return read(*arguments)
        if (read, arguments) not in known:
            known[read, arguments] = read(*arguments)
        return known[read, arguments]

    return kept


def forget() -> None:
    """After a change within the same request."""
    origin.get().known.clear()
