"""The followers of an event are listed at its definition."""

from shiming.core.audit import followers
from shiming.core.events import EFFECTS, Event


def test_effects_of_events_match_registered_followers():
    registered = {event: [_name(follower) for follower in followers(event)] for event in Event}
    besides_inbox = {
        event: tuple(name for name in names if not name.startswith("inbox.")) for event, names in registered.items()
    }
    assert {event: names for event, names in besides_inbox.items() if names} == EFFECTS


def _name(follower) -> str:
    return f"{follower.__module__.removeprefix('shiming.')}.{follower.__name__}"
