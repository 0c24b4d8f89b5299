"""The API object: its routers, key, problem documents and description."""

from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from shiming import __version__
from shiming.api import problems
from shiming.api.keys import KeyBearer
from shiming.api.operations import (
    assignments,
    attendance,
    audits,
    bindings,
    consent,
    employments,
    feed,
    managers,
    people,
    presence,
    projects,
    transfers,
)

DESCRIPTION = """
与网页同一套命令、规则与拒绝。密钥由企业法人、参建单位经办、实施单位审核员或项目经理在“接口密钥”中建立，代表该企业或该工地，能做的不多于建立它的人。

- 个人信息只以掩码返回，预登记报送除外；身份证号只出现在请求正文中，从不出现在网址里。
- 拒绝是一份 `application/problem+json`：`refusals` 列出全部原因，各有代码、原因、由谁处理、下一步。
- 批量操作逐行决定：`done` 是办成的，`refused` 逐行写明原因；编号有一个不在范围内，整个请求不办（404）。
- 写操作可带 `Idempotency-Key`（不超过 100 字符）：48 小时内再发同一请求，只办一次，答复相同；内容不同则 409。
- 列表按键翻页：把 `next` 原样作为 `cursor` 再请求；`size` 可为 10、20、50、100。
- 每把密钥平均每分钟 1200 次，瞬间不超过 200 次；超过则 429 与 `Retry-After`。
- 聘用确认、离职、解聘答复等只由本人在手机上办理，接口一律拒绝（R-42）。
"""


class Readable(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    def get_operation_url_name(self, operation, router) -> str:
        return self.get_openapi_operation_id(operation).replace("_", "-")

    def get_openapi_operation_id(self, operation) -> str:
        """The file and the function, for example employments_invite."""
        return f"{operation.view_func.__module__.rpartition('.')[2]}_{operation.view_func.__name__}"


api = Api(
    title="实名 Shiming",
    version=__version__,
    description=DESCRIPTION,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    auth=KeyBearer(),
    renderer=Readable(),
)
MODULES = (
    *(people, employments, managers, transfers, assignments, bindings, audits, presence, attendance, projects),
    consent,
    feed,
)
for module in MODULES:
    api.add_router("/v1", module.router)
problems.install(api)
