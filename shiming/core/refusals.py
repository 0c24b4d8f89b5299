"""Every refusal: code, sentence, responsible role, next step (domain.md §6)."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Entry(NamedTuple):
    sentence: Promise
    who: Promise
    next_step: Promise
    icon: str = "alert-circle"


REFUSALS = {
    "R-01": Entry(_("用户名或密码错误!"), _("本人"), _("核对后再输入；忘记密码请联系管理员"), "lock"),
    "R-02": Entry(_("请先插入数字证书后再输入密码"), _("证书持有人"), _("插入法人一证通后刷新本页"), "key"),
    "R-03": Entry(_("身份证号码无效，请核对第 {position} 位"), _("填写人"), _("对照身份证原件逐位核对"), "id"),
    "R-04": Entry(_("该人员已登记"), _("填写人"), _("在列表中查看已有的登记"), "user-check"),
    "R-05": Entry(
        _("该人员在另外一家单位未离职，请先由本人申请离职或由原单位迁出"),
        _("本人或原单位"),
        _("请本人在手机上申请离职，或请原单位办理离职迁出"),
        "switch",
    ),
    "R-06": Entry(_("该人员尚未实名登记，请先进行人员建档"), _("本人"), _("请本人在个人端完成个人信息登记"), "id"),
    "R-07": Entry(_("姓名与身份证号不一致"), _("填写人"), _("对照身份证核对姓名与号码"), "id"),
    "M-01": Entry(
        _("个人信息正在处理，无需重复登记，处理完成后自动继续（第 {day} 个工作日/共 15）"),
        _("系统"),
        _("不用操作，核验完成后自动继续"),
        "hourglass",
    ),
    "R-08": Entry(_("已发出聘用邀请，等待本人确认"), _("本人"), _("请本人在个人端待办中确认"), "mail"),
    "R-09": Entry(_("本人已处理，不能撤回"), _("用人单位"), _("刷新列表查看最新状态"), "clock"),
    "R-10": Entry(_("请填写：{label}"), _("填写人"), _("补填后再保存"), "pencil"),
    "R-11": Entry(_("劳动合同失效日期早于生效日期"), _("填写人"), _("核对合同的两个日期"), "calendar"),
    "R-12": Entry(_("劳务队长（班组长）必须填写手机号"), _("填写人"), _("补填手机号"), "phone"),
    "R-13": Entry(_("手机号应为 11 位"), _("填写人"), _("核对手机号"), "phone"),
    "R-14": Entry(_("请选择班组长"), _("填写人"), _("选择班组长，或勾选本人为班组长"), "users"),
    "R-15": Entry(
        _("未找到合同：请核对登录角色；请企业确认已将您报送为项目负责人；或请项目负责人授权"),
        _("企业或项目负责人"),
        _("核对报送的身份证号和手机号"),
        "file-search",
    ),
    "R-16": Entry(
        _("授权{ended}，请项目负责人重新授权"), _("项目负责人"), _("请项目负责人在“现场操作用户”重新授权"), "clock"
    ),
    "R-17": Entry(_("合同未完成报送，不能分配人员"), _("用人单位"), _("先完成合同信息报送"), "file-alert"),
    "R-18": Entry(_("该人员已分配到本项目"), _("用人单位"), _("在“已分配人员”中查看"), "user-check"),
    "R-19": Entry(_("该人员未在本单位在职"), _("用人单位"), _("先完成聘用并完善信息"), "briefcase"),
    "R-20": Entry(_("该人员尚未确认分配"), _("项目经理"), _("在工地端“人员分配”点同意"), "user-question"),
    "R-21": Entry(_("劳务分包人员须由施工总包项目经理扫码进场"), _("总包项目经理"), _("请总包项目经理扫码"), "scan"),
    "R-22": Entry(_("该人员已在场"), _("无需处理"), _("直接考勤即可"), "circle-check"),
    "R-23": Entry(_("该人员已经退场，不能重复操作"), _("无需处理"), _("刷新列表查看"), "logout"),
    "R-24": Entry(_("管理员须先在工地端退场"), _("项目经理"), _("先办理该管理员退场"), "logout"),
    "R-25": Entry(_("退场日期{problem}"), _("填写人"), _("核对退场日期"), "calendar"),
    "R-26": Entry(_("请先完成人脸认证"), _("本人"), _("在现场完成人脸登记，或改用其他方式"), "face-id"),
    "R-27": Entry(_("社保缴费证明须在 60 天有效期内"), _("用人单位"), _("上传新的社保缴费证明"), "file-alert"),
    "R-28": Entry(
        _("请先在“管理人员登记”登记；已在其他单位的须先迁出"), _("用人单位"), _("先完成管理人员登记"), "user-plus"
    ),
    "R-29": Entry(_("未找到该报建编号"), _("填写人"), _("核对报建编号"), "file-search"),
    "R-30": Entry(_("二维码{problem}"), _("本人"), _("点“刷新”再出示"), "qrcode"),
    "R-31": Entry(_("请先办理进场"), _("项目经理"), _("先扫码进场，再考勤"), "login"),
    "R-32": Entry(_("该人员已退场"), _("用人单位"), _("需要回场的，重新分配后进场"), "logout"),
    "R-33": Entry(_("该人员未预登记，不能进场登记"), _("现场操作用户"), _("先办理进场预登记"), "clipboard"),
    "R-34": Entry(
        _("当前状态“{status}”，不能进场登记"), _("监理或施工单位"), _("处置恢复为可进场后再办理"), "shield-x"
    ),
    "R-35": Entry(_("请先在健康云完成来沪人员健康登记"), _("本人"), _("完成健康登记后再获取"), "heart"),
    "R-36": Entry(_("用人单位未显示，请先在合同报送系统登记合同"), _("用人单位"), _("先登记合同"), "file-alert"),
    "R-37": Entry(
        _("请先保存工地疫情防控信息记录，再上传建筑工地复工检查表！"), _("填写人"), _("先点提交，再上传"), "upload"
    ),
    "R-38": Entry(_("请填写隔离/就医时间和方式"), _("填写人"), _("补填时间和方式"), "pencil"),
    "R-39": Entry(_("“无上述异常症状”不能与其他症状同选"), _("填写人"), _("只保留一类选择"), "checkbox"),
    "R-40": Entry(_("请填写不通过原因"), _("审核人"), _("写明原因，便于对方改正"), "pencil"),
    "R-41": Entry(_("请输入解聘原因"), _("用人单位"), _("补填解聘原因"), "pencil"),
    "R-42": Entry(_("您没有此项权限，可联系：{contact}"), _("{contact}"), _("请有权限的人办理"), "lock"),
    "R-43": Entry(_("内容已被他人更新，请刷新"), _("填写人"), _("刷新后核对再保存"), "refresh"),
    "R-44": Entry(_("请至少选择一人"), _("填写人"), _("勾选后再操作"), "checkbox"),
    "R-45": Entry(_("进场日期{problem}"), _("填写人"), _("核对进场日期"), "calendar"),
    "R-46": Entry(_("未满 18 周岁，不能进场"), _("用人单位"), _("满 18 周岁后再办理"), "cake"),
    "R-47": Entry(
        _("在限制进场名单中，可提出申诉"),
        _("作出限制的单位"),
        _("请本人在手机“限制进场”里看原因、提出申诉"),
        "ban",
    ),
    "R-83": Entry(_("十分钟内已查看 {most} 次，请稍后再看"), _("本人"), _("十分钟后再查看"), "clock"),
    "R-49": Entry(
        _("安全培训未完成或已过期：{missing}"),
        _("用人单位与项目部"),
        _("补齐培训，在“安全培训”里登记"),
        "shield-check",
    ),
    "R-50": Entry(
        _("{credential}缺失或已过期{detail}"),
        _("用人单位经办"),
        _("办理或延续证书后，在“人员证书”里登记"),
        "certificate",
    ),
    "R-51": Entry(_("超过“{post}”年龄规定，可申请其他岗位"), _("用人单位"), _("改派其他岗位，或请换人"), "cake"),
    "R-48": Entry(_("项目未在建，不能办理进场"), _("总包"), _("项目恢复在建后再办理"), "building"),
    "R-71": Entry(_("十分钟内已查找 {most} 次，请稍后再查"), _("本人"), _("十分钟后再查找"), "clock"),
    "R-72": Entry(
        _("十分钟内已有 {most} 次没有查到或不相符，请稍后再试"), _("本人"), _("对照身份证原件，十分钟后再填"), "clock"
    ),
    "R-73": Entry(
        _("内容太大，最多 {most} MB"), _("填写人"), _("照片请改用较小的尺寸；表格请分成几个文件"), "file-alert"
    ),
    "R-74": Entry(_("“{policy}”尚未启用，不能选用"), _("系统管理员"), _("选择列表中的用工流程"), "alert-circle"),
    "R-75": Entry(_("准入检查的日期不能早于今天"), _("系统管理员"), _("选择今天或以后的日期"), "calendar"),
    "R-76": Entry(
        _("服务器磁盘空间不足，暂不接收上传"), _("系统管理员"), _("请系统管理员扩容后再上传；扫码照常"), "file-alert"
    ),
    "R-80": Entry(_("提交太频繁，请过一会儿再试"), _("本人"), _("填过的都还在，过十五分钟再点提交"), "clock"),
    "R-81": Entry(_("不能审核自己提交的人员"), _("实施单位"), _("请本单位另一位审核员审核"), "user-x"),
    "R-82": Entry(_("十分钟内已拍摄 {most} 次，请稍后再拍"), _("本人"), _("十分钟后再拍，或改用人工核验"), "clock"),
    "R-90": Entry(
        _("健康云暂时没有应答，没有查到不等于没有申报"), _("系统"), _("稍后再点“获取健康云信息”"), "wifi-off"
    ),
    "R-91": Entry(_("该人员在本项目已预登记"), _("填写人"), _("在“进场预登记”列表中查看、修改"), "user-check"),
    "R-92": Entry(
        _("本项目没有选用防疫准入，没有这一页"),
        _("系统管理员"),
        _("要用的，请系统管理员在项目的“准入检查”里选用；不用的，从菜单进入其他页面"),
        "ban",
    ),
    "R-93": Entry(
        _("本项目没有开启预登记报送"), _("施工总包项目经理"), _("请总包项目经理在“预登记报送”里开启"), "send"
    ),
    "W-01": Entry(_("体温与症状不一致，请确认"), _("填写人"), _("核对后改正，或确认保存"), "alert-triangle"),
    "M-05": Entry(
        _("与登记的人脸不一致，没有打卡"),
        _("值班人员"),
        _("重拍一张；仍不一致的，核对是谁，在“扫码”里考勤扫码"),
        "user-x",
    ),
    "W-02": Entry(_("用人单位与在职单位不一致"), _("用人单位"), _("已保存并标记，请用人单位核对"), "alert-triangle"),
    "W-03": Entry(_("用人单位与预登记的“{company}”不一致"), _("填写人"), _("已保存，请核对预登记"), "alert-triangle"),
    "W-04": Entry(
        _("健康申报已超过 {days} 天，请确认"), _("填写人"), _("请本人重新申报，或确认保存"), "alert-triangle"
    ),
    # login and messages (not in domain.md)
    "L-01": Entry(_("验证码不正确或已过期"), _("本人"), _("核对短信中的号码，或重新获取"), "message-circle"),
    "L-02": Entry(_("错误次数过多，请 {minutes} 分钟后再试"), _("本人"), _("稍候再试；急用请联系管理员"), "clock"),
    "L-03": Entry(_("短信发送太频繁，请 {wait}后再获取"), _("本人"), _("先用已收到的号码，或稍候再获取"), "clock"),
    "L-04": Entry(_("图形验证码不正确"), _("本人"), _("看不清可以换一张"), "photo"),
    "L-05": Entry(_("第二重验证没有通过"), _("本人"), _("核对动态口令，或改用恢复码"), "shield-lock"),
    "L-06": Entry(_("链接已失效"), _("系统管理员或企业法人"), _("请发出链接的人重新发一个"), "link"),
    "L-07": Entry(
        _("没有与此证书对应的企业"), _("系统管理员"), _("请系统管理员核对企业的证书唯一标识和序列号"), "certificate"
    ),
    "L-08": Entry(_("证书已过有效期"), _("证书持有人"), _("更新法人一证通后再登录"), "certificate"),
    "L-09": Entry(_("身份证后四位不符"), _("本人"), _("输入本人身份证号码的最后四位"), "id"),
    "L-10": Entry(_("请先输入图形验证码"), _("本人"), _("输入图中的字符后再试"), "photo"),
    # the API (api/)
    "A-01": Entry(_("接口密钥无效、已停用或已过期"), _("企业法人或项目经理"), _("在“接口密钥”中新建或更换"), "key"),
    "A-02": Entry(
        _("没有找到，或不在此密钥的范围内"), _("调用方"), _("核对编号；密钥只看得见本企业或本工地的"), "file-search"
    ),
    "A-03": Entry(
        _("请求太频繁，请 {seconds} 秒后再试"), _("调用方"), _("按 Retry-After 稍后再试，或合并成批量"), "clock"
    ),
    "A-04": Entry(_("同一 Idempotency-Key 的内容不同"), _("调用方"), _("新的请求使用新的 Idempotency-Key"), "copy"),
    "A-05": Entry(_("{label}：{problem}"), _("调用方"), _("对照接口文档核对该字段"), "pencil"),
    "A-06": Entry(_("系统暂时忙，没有保存"), _("系统管理员"), _("按 Retry-After 稍后用同一请求再试"), "clock"),
    "R-60": Entry(
        _("授权到期日期应在 {first} 至 {last} 之间"), _("项目负责人"), _("改一个到期日期；到期前可以延长"), "calendar"
    ),
    "R-61": Entry(_("不能给自己授权"), _("项目负责人"), _("项目负责人本来就有全部权限"), "user-x"),
    "R-62": Entry(
        _("该人员在本项目已有授权"), _("项目负责人"), _("在“现场操作用户”里延长，或收回后重新授权"), "user-check"
    ),
    "R-63": Entry(_("用工流程的起始日期不能早于今天"), _("系统管理员"), _("选择今天或以后的日期"), "calendar"),
    "R-64": Entry(_("该日期已有用工流程"), _("系统管理员"), _("选择另一个起始日期"), "calendar"),
    "R-65": Entry(
        _("{kind}的上级单位应为{parents}"), _("系统管理员"), _("按总包、专业分包、劳务分包的顺序登记"), "sitemap"
    ),
    "R-66": Entry(_("该单位仍有{what}，不能退出参建"), _("系统管理员"), _("先处理完再办理退出"), "users"),
    "R-67": Entry(_("{subject}已停用或竣工，不能办理"), _("系统管理员"), _("核对企业与项目的状态"), "building"),
    "R-68": Entry(_("班组还有 {count} 人，不能撤销"), _("用人单位"), _("先把人员调整到其他班组"), "users"),
    "R-69": Entry(_("{subject} 没有参建{project}"), _("系统管理员"), _("先登记参建关系"), "sitemap"),
    "R-70": Entry(_("合同 {number} 属于另一处参建关系"), _("系统管理员"), _("核对合同信息报送编号"), "file-alert"),
}


UNNUMBERED = "V-01"  # code of a refusal without a row in the table


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refusal; `sentence`, `who` and `next_step` are ready to print.

    Rows, forms and commands keep this value; only `str()` and `advice` turn it into text. `hint` follows the code
    and begins with its own punctuation.
    """

    code: str
    sentence: str
    who: str
    next_step: str
    icon: str
    hint: str = ""

    def __str__(self) -> str:
        """The sentence with code and hint, such as `姓名与身份证号不一致（R-07）`; without the code for V-01."""
        return self.sentence + (f"（{self.code}）" if self.numbered else "") + self.hint

    @property
    def advice(self) -> "Advice":
        """The text under a form field: sentence, code and next step."""
        return Advice(f"{self.sentence}（{self.code}）{self.hint}{self.next_step}", self)

    @property
    def numbered(self) -> bool:
        return self.code != UNNUMBERED

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("code", "sentence", "who", "next_step", "icon")}


class Advice(str):
    """The text of an error that still knows its refusal, so that a page prints its parts on separate lines."""

    refusal: Refusal

    def __new__(cls, text: str, item: Refusal):
        advice = super().__new__(cls, text)
        advice.refusal = item
        return advice


def refusal(code: str, **params) -> Refusal:
    """The refusal with its blanks filled; raises KeyError when a blank is missing."""
    return worded(code, str(REFUSALS[code].sentence).format(**params), **params)


def worded(code: str, sentence: str, hint: str = "", **params) -> Refusal:
    """The refusal of this code with a sentence of its own."""
    entry = REFUSALS[code]
    who, next_step = (str(text).format(**params) for text in (entry.who, entry.next_step))
    return Refusal(code, sentence, who, next_step, entry.icon, hint)


def unnumbered(sentence: str, next_step: str = "核对后再保存") -> Refusal:
    """A refusal outside the table, with a sentence of its own (V-01)."""
    return Refusal(UNNUMBERED, sentence, "填写人", next_step, "pencil")
