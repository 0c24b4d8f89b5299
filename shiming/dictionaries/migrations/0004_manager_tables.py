"""The code tables of the manager form of manual [004]: 学历类型, 最高学位, 职称 and its levels, 社保情况, relations."""

from django.db import migrations

TABLES = {
    "education_type": ("全日制", "成人教育", "自学考试", "网络教育", "开放教育", "党校教育", "其他"),
    "degree": ("无", "学士", "硕士", "博士"),
    "title": (
        "无", "技术员", "助理工程师", "工程师", "高级工程师", "正高级工程师", "助理经济师", "经济师", "高级经济师",
        "助理会计师", "会计师", "高级会计师", "助理政工师", "政工师", "高级政工师", "建筑师", "高级建筑师", "其他",
    ),
    "skill_level": (
        "员级", "助理级", "中级", "副高级", "正高级", "初级工", "中级工", "高级工", "技师", "高级技师", "其他",
    ),
    "social_insurance": ("已在本单位缴纳", "在其他单位缴纳", "未缴纳"),
    "relation": ("配偶", "父亲", "母亲", "儿子", "女儿", "兄弟姐妹", "其他亲属", "朋友", "同事"),
}  # fmt: skip


def fill(apps, schema_editor):
    model = apps.get_model("dictionaries", "DictionaryEntry")
    model.objects.bulk_create(
        [
            model(table=table, code=label, label=label, order=order * 10)
            for table, labels in TABLES.items()
            for order, label in enumerate(labels, 1)
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("dictionaries", "0003_attachment_types")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
