"""The code tables a new installation starts with. Work types, positions and political status carry the national code."""

from datetime import date, timedelta

from django.db import migrations

TRADES = (
    ("建筑、装饰工程普工", ""), ("木工(模板工)", "050"), ("钢筋工", "020"), ("抹灰、镶贴工", "190"), ("架子工", "030"),
    ("木工", "240"), ("油漆工", "190"), ("砌筑工", "010"), ("混凝土工", "040"), ("模板工", "050"),
    ("机械设备安装工", "060"), ("通风工", "070"), ("安装起重工", "080"), ("安装钳工", "090"),
    ("电气设备安装调试工", "100"), ("管道工", "110"), ("变电安装工", "120"), ("建筑电工", "130"), ("司泵工", "140"),
    ("挖掘铲运和桩工机械司机", "150"), ("桩机操作工", "160"), ("起重信号工", "170"), ("建筑起重机械安装拆卸工", "180"),
    ("装饰装修工", "190"), ("室内成套设施安装工", "200"), ("建筑门窗幕墙安装工", "210"), ("幕墙制作工", "220"),
    ("防水工", "230"), ("石工", "250"), ("电焊工", "270"), ("爆破工", "280"), ("除尘工", "290"), ("测量放线工", "300"),
    ("线路架设工", "310"), ("古建筑传统石工", "320"), ("古建筑传统瓦工", "330"), ("古建筑传统彩画工", "340"),
    ("古建筑传统木工", "350"), ("古建筑传统油工", "360"), ("金属工", "380"), ("杂工", "390"), ("其他", "1000"),
)
EDUCATION = (
    ("小学", "01"), ("初中", "02"), ("高中", "03"), ("中专", "04"), ("大专", "05"), ("本科", "06"), ("硕士", "07"),
    ("博士", "08"), ("其他", "99"),
)
# 手册里出现过、从旧系统导入时会遇到的说法，各归到上面的一级。
EDUCATION_IMPORTED = (
    ("初中及初中以下", "初中"), ("高中毕业", "高中"), ("相当高中毕业", "高中"), ("中专及中专以下", "中专"),
    ("中专中技肄业", "中专"), ("相当中专中技", "中专"),
)
POLITICS = (
    ("群众", "13"), ("中共党员", "01"), ("中共预备党员", "02"), ("共青团员", "03"), ("民革党员", "04"),
    ("民盟盟员", "05"), ("民建会员", "06"), ("民进会员", "07"), ("农工党党员", "08"), ("致公党党员", "09"),
    ("九三学社社员", "10"), ("台盟盟员", "11"), ("无党派人士", "12"),
)
# (岗位, 国家平台代码, 几处只能有一人)
POSITIONS = (
    ("项目经理", "1009", "participation"), ("技术负责人", "1030", "participation"), ("项目副经理", "1014", ""),
    ("安全员", "1018", ""), ("质量员", "1017", ""), ("施工员", "1016", ""), ("劳务员", "1022", ""),
    ("材料员", "1020", ""), ("资料员", "1023", ""), ("机械员", "1021", ""), ("标准员", "1019", ""),
    ("测量员", "1025", ""), ("试验员", "1026", ""), ("造价员", "1027", ""), ("总监", "1001", "project"),
    ("总监代表", "1024", ""), ("专业监理工程师", "1004", ""), ("监理员", "1006", ""), ("其他管理岗位", "1099", ""),
)
CERTIFICATES = (
    ("职业技能证", "1"), ("特种作业操作证", ""), ("岗位证", "3"), ("职称证", "4"), ("职业注册证", "5"),
    ("培训合格证", ""), ("无证书", ""), ("其他", "6"),
)
ETHNICITIES = (
    "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 傣族 黎族 "
    "傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 "
    "毛南族 仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 裕固族 京族 "
    "塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 珞巴族 基诺族"
).split()
MARITAL = (("未婚", "01"), ("已婚", "02"), ("离异", "03"), ("丧偶", "04"))
HOUSEHOLDS = ("农村户口", "城镇户口", "居民户口")
CATEGORIES = ("施工总承包合同", "专业分包合同", "劳务分包合同", "监理合同", "其他合同")


# 国务院办公厅公布的放假安排，2024 至 2026 年；以后各年由管理员在字典里录入。
# (年, 节日, 起, 止, 调休上班日)
HOLIDAYS = [
    (2024, "元旦", "01-01", "01-01", ()),
    (2024, "春节", "02-10", "02-17", ("02-04", "02-18")),
    (2024, "清明节", "04-04", "04-06", ("04-07",)),
    (2024, "劳动节", "05-01", "05-05", ("04-28", "05-11")),
    (2024, "端午节", "06-10", "06-10", ()),
    (2024, "中秋节", "09-15", "09-17", ("09-14",)),
    (2024, "国庆节", "10-01", "10-07", ("09-29", "10-12")),
    (2025, "元旦", "01-01", "01-01", ()),
    (2025, "春节", "01-28", "02-04", ("01-26", "02-08")),
    (2025, "清明节", "04-04", "04-06", ()),
    (2025, "劳动节", "05-01", "05-05", ("04-27",)),
    (2025, "端午节", "05-31", "06-02", ()),
    (2025, "国庆节、中秋节", "10-01", "10-08", ("09-28", "10-11")),
    (2026, "元旦", "01-01", "01-03", ("01-04",)),
    (2026, "春节", "02-15", "02-23", ("02-14", "02-28")),
    (2026, "清明节", "04-04", "04-06", ()),
    (2026, "劳动节", "05-01", "05-05", ("05-09",)),
    (2026, "端午节", "06-19", "06-21", ()),
    (2026, "中秋节", "09-25", "09-27", ()),
    (2026, "国庆节", "10-01", "10-07", ("09-20", "10-10")),
]


def _holidays():
    for year, name, first, last, worked in HOLIDAYS:
        day, end = date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}")
        while day <= end:
            yield day.isoformat(), name
            day += timedelta(days=1)
        for code in worked:
            yield f"{year}-{code}", f"{name}调休上班"


def fill(apps, schema_editor):
    model = apps.get_model("dictionaries", "DictionaryEntry")
    rows = [model(table=table, code=code, label=code, order=order, extra=extra) for table, code, order, extra in _content()]
    rows += [model(table="holiday", code=code, label=label, order=0) for code, label in _holidays()]
    model.objects.bulk_create(rows, ignore_conflicts=True)


def _content():
    pairs = {
        "trade": TRADES, "education": EDUCATION, "political_status": POLITICS, "certificate_type": CERTIFICATES,
        "ethnicity": tuple((name, f"{number:02d}") for number, name in enumerate(ETHNICITIES, 1)),
        "marital_status": MARITAL, "household_type": tuple((name, "") for name in HOUSEHOLDS),
        "contract_category": tuple((name, "") for name in CATEGORIES),
    }
    for table, rows in pairs.items():
        for order, (code, national) in enumerate(rows, 1):
            yield table, code, order * 10, {"national": national} if national else {}
    for order, (code, target) in enumerate(EDUCATION_IMPORTED, 1):
        yield "education", code, 900 + order, {"maps_to": target}
    for order, (code, national, one_per) in enumerate(POSITIONS, 1):
        yield "position", code, order * 10, {"national": national} | ({"one_per": one_per} if one_per else {})


class Migration(migrations.Migration):
    dependencies = [("dictionaries", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
