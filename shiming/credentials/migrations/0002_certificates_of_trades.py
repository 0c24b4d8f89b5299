"""The dictionary of certificates, with the trades that ask for each.

The six of 建质〔2008〕75号, 第三条; what is commonly asked of welders and blasters; one that a site may ask of any trade.
The trade 建筑起重机械司机 was missing.
"""

from django.db import migrations

CERTIFICATES = (
    ("建筑电工操作资格证", ("建筑电工",)),
    ("建筑架子工操作资格证", ("架子工",)),
    ("建筑起重信号司索工操作资格证", ("起重信号工",)),
    ("建筑起重机械司机操作资格证", ("建筑起重机械司机",)),
    ("建筑起重机械安装拆卸工操作资格证", ("建筑起重机械安装拆卸工",)),
    ("高处作业吊篮安装拆卸工操作资格证", ()),
    ("建筑焊工操作资格证", ("电焊工",)),
    ("焊接与热切割作业操作证", ("电焊工",)),
    ("爆破作业人员许可证", ("爆破工",)),
    ("职业技能等级证书", ()),
)
DRIVER = "建筑起重机械司机"


def fill(apps, schema_editor):
    model = apps.get_model("dictionaries", "DictionaryEntry")
    rows = [
        model(table="credential", code=name, label=name, order=order * 10, extra={"trades": list(trades)} if trades else {})
        for order, (name, trades) in enumerate(CERTIFICATES, 1)
    ]
    rows.append(model(table="trade", code=DRIVER, label=DRIVER, order=235))
    model.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_reminders_of_expiry"), ("dictionaries", "0004_manager_tables")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
