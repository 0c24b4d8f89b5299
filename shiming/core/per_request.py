"""Cache of values within one request. Jobs have no cache, so that they never use old values."""

from collections.abc import Callable
from functools import wraps

from shiming.core.audit import NOWHERE, origin


def per_request(read: Callable) -> Callable:
    """Cache the result of `read` per arguments until the request ends or `forget` is called."""

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
    """Clear the cache; call it after a change within the same request."""
    origin.get().known.clear()
