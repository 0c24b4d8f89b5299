"""Every refusal as one problem document with all its reasons (RFC 9457)."""

from django.core.exceptions import ValidationError as ModelErrors
from django.http import Http404, HttpRequest, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from shiming.core.errors import DomainError, Refused, RefusedAll
from shiming.core.refusals import refusal
from shiming.web.gatekeeping import problem

# field → label on the page, for R-10
LABELS = {
    "number": "身份证号",
    "name": "姓名",
    "reason": "原因",
    "kind": "身份",
    "role": "角色",
    "participation_id": "参建位置",
    "employment_ids": "人员",
    "assignment_ids": "人员",
    "stay_ids": "人员",
    "code": "二维码",
    "event_id": "记录编号",
    "person_id": "人员",
    "occurred_at": "打卡时间",
    "agree": "是否同意",
    "approve": "是否同意",
}


class NoKey(Refused):
    status = 401

    def __init__(self):
        super().__init__("A-01")


class NotFound(Refused):
    """One answer for a missing row and for an invisible one."""

    status = 404

    def __init__(self):
        super().__init__("A-02")


class TooFast(Refused):
    status = 429

    def __init__(self, seconds: int):
        super().__init__("A-03", seconds=seconds)
        self.retry_after = seconds


class OtherContent(Refused):
    status = 409

    def __init__(self):
        super().__init__("A-04")


class Busy(Refused):
    """The answer when nothing could be stored, never a success (security.md 6)."""

    status = 503
    retry_after = 5

    def __init__(self):
        super().__init__("A-06")


def answer(error: DomainError) -> JsonResponse:
    body = problem(error) | ({"field": error.field} if error.field else {})
    readable = {"ensure_ascii": False}
    response = JsonResponse(
        body, status=error.status, content_type="application/problem+json", json_dumps_params=readable
    )
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="shiming"'
    if seconds := getattr(error, "retry_after", None):
        response.headers["Retry-After"] = str(seconds)
    return response


def install(api: NinjaAPI) -> None:
    """Register the exception handlers."""
    api.add_exception_handler(DomainError, lambda request, error: answer(error))
    api.add_exception_handler(Http404, lambda request, error: answer(NotFound()))
    api.add_exception_handler(ValidationError, _malformed)
    api.add_exception_handler(ModelErrors, _broken_rules)
    api.add_exception_handler(HttpError, _http_error)


def _malformed(request: HttpRequest, error: ValidationError) -> JsonResponse:
    """All fields at once: R-10 for missing ones, the message of the parser for unreadable ones."""
    found = [_input(item) for item in error.errors]
    return answer(RefusedAll([item for _, item in found], field=found[0][0]))


def _input(item: dict):
    path = ".".join(str(part) for part in item["loc"][1:] if part != "body") or str(item["loc"][-1])
    label = next((LABELS[part] for part in reversed(path.split(".")) if part in LABELS), path)
    if item["type"] == "missing":
        return path, refusal("R-10", label=label)
    return path, refusal("A-05", label=f"{label}（{path}）", problem=item["msg"])


def _broken_rules(request: HttpRequest, error: ModelErrors) -> JsonResponse:
    """The errors of `full_clean()`, one refusal per sentence."""
    sentences = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    found = [
        refusal("A-05", label=LABELS.get(name, name).replace("__all__", "内容"), problem=sentence)
        for name, several in sentences.items()
        for sentence in several
    ]
    return answer(RefusedAll(found))


def _http_error(request: HttpRequest, error: HttpError) -> JsonResponse:
    wrong = RefusedAll([refusal("A-05", label="请求", problem=error.message)])
    wrong.status = error.status_code
    return answer(wrong)
