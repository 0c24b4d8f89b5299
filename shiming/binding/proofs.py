"""Pictures that a later module shows under 人脸认证 when a binding is audited.

@shown_at_audit
def portraits(person): return [("登记时", "data:image/jpeg;base64,…")]
"""

from collections.abc import Callable

from shiming.people.models import Person

Pictures = Callable[[Person], list[tuple[str, str]]]
_shown: list[Pictures] = []


def shown_at_audit(pictures: Pictures) -> Pictures:
    """Register a function that returns (caption, data URL) of pictures of a person."""
    if pictures not in _shown:
        _shown.append(pictures)
    return pictures


def pictures_of(person: Person) -> list[tuple[str, str]]:
    return [picture for pictures in _shown for picture in pictures(person)]
