"""Every environment variable with its default; docs/settings.md is generated from this file."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHIMING_", extra="ignore")

    home: Path = Field(Path("~/.shiming"), description="数据文件夹：密钥、照片、数据库、日志 / data folder")
    host: str = Field("127.0.0.1", description="监听地址 / address to listen on")
    port: int = Field(8000, description="监听端口 / port to listen on")
    mode: Literal["production", "demo", "test"] = Field("production", description="运行方式 / production, demo or test")
    database_url: str = Field(
        "", validation_alias="DATABASE_URL", description="外部 PostgreSQL；空则用内置的 / outside server"
    )
    migrate_url: str = Field("", description="建表用的连接；空则与上相同 / owner connection for migrations")
    public_url: str = Field("", description="对外网址，短信与二维码用它 / address in messages and printed codes")
    allowed_hosts: str = Field("", description="允许的域名，逗号分隔 / host names, comma separated")
    https: bool = Field(False, description="前面有 HTTPS 代理时为 true / served over https")
    trusted_proxies: str = Field("", description="可信代理地址，逗号分隔 / addresses whose forwarded headers count")
    proxy_secret: str = Field("", description="代理转来证书信息时的共同密钥 / shared secret of the certificate proxy")
    master_key_file: Path | None = Field(
        None, description="主密钥文件；空则为 $SHIMING_HOME/keys/master.key / master key"
    )
    anchors: Path | None = Field(None, description="痕迹锚点文件；空则为 $SHIMING_HOME/anchors.jsonl / trail anchors")
    anchors_copy: Path | None = Field(
        None,
        description="痕迹锚点第二处的文件夹，宜在另一块盘或另一台机器；空则为 $SHIMING_HOME/anchors "
        "/ folder of the second copy of the anchors, better on another disk",
    )
    password_profile: Literal["standard", "dengbao3"] = Field(
        "standard", description="口令要求：dengbao3 另加三类字符与 90 天更换 / dengbao3 adds composition and rotation"
    )
    identity_authority: str = Field("local", description="身份核验机构：local，或自备模块的名字 / identity authority")
    approval_system: str = Field(
        "local", description="报送人员来自的审批系统：local，或自备模块的名字 / approval system of filed people"
    )
    health_declarations: str = Field(
        "local", description="健康云：local、http，或自备模块的名字 / source of health declarations"
    )
    health_declarations_url: str = Field("", description="健康云接口的网址（https）/ address for http declarations")
    health_declarations_token: str = Field("", description="健康云接口的令牌 / bearer token of that address")
    feed: str = Field(
        "local", description="预登记报送的接收方：local、http，或自备模块的名字 / receiver of pre-registrations"
    )
    feed_folder: Path | None = Field(
        None, description="local 报送的文件夹；空则为 $SHIMING_HOME/feed / folder of delivered files"
    )
    feed_url: str = Field("", description="http 报送的网址（https）/ address for http deliveries")
    feed_token: str = Field("", description="http 报送的令牌 / bearer token of that address")
    support_phone: str = Field("", description="技术支持电话，印在登录页与公告里 / telephone of the support")
    support_address: str = Field("", description="技术支持地址 / address of the support")
    reader_ports: str = Field(
        "8989,24010,18889,33666", description="本机读卡桥 A、B、C、D 的端口 / ports of the local card reader bridges"
    )
    wlt_decoder: str = Field(
        "", description="证件照片解码：模块:函数，由阅读器厂家的库提供 / decoder of the portrait on ID cards"
    )
    face_engine: str = Field(
        "local", description="人脸引擎：local，或 模块:名字；空则不用 / face engine, a maker's SDK, or none"
    )
    face_days: int = Field(30, description="退场后人脸模板保存天数 / days a face template is kept after the exit")
    invite_days: int = Field(30, description="聘用邀请有效天数 / days an invitation stays open")
    leave_days: int = Field(7, description="离职申请待答天数 / days an employer has to answer a leave request")
    grant_days: int = Field(180, description="现场操作用户授权天数 / longest grant to a site operator")
    raw_days: int = Field(90, ge=8, description="打卡来件原文保存天数 / days the raw copy of sent punches is kept")
    workers: int | None = Field(
        None, description="网页进程数；空则等于处理器核数 / web processes, default one per core"
    )
    threads: int | None = Field(None, description="每个网页进程的线程数；默认不超过 4 / threads per web process")
    pg_bin: Path | None = Field(
        None, description="PostgreSQL 程序文件夹；空则用内置的 / folder of PostgreSQL's programs"
    )
    pg_user: str = Field("", description="以 root 启动时数据库所用账号 / account of the database when started by root")
    strict_templates: bool = Field(
        False, description="测试用：模板里没有值的变量报错 / for tests: an unknown variable in a template fails"
    )
    debug: bool = Field(False, description="仅开发用 / development only")

    @property
    def folder(self) -> Path:
        return self.home.expanduser().resolve()

    @property
    def key_file(self) -> Path:
        return self.master_key_file or self.folder / "keys" / "master.key"

    @property
    def reader_bridges(self) -> dict[str, str]:
        """Addresses of the card reader bridges on the clerk's PC."""
        a, b, c, d = (int(port) for port in self.reader_ports.split(","))
        here = {name: f"http://127.0.0.1:{port}" for name, port in (("a", a), ("b", b), ("c", c))}
        return here | {"d": f"ws://127.0.0.1:{d}"}

    @property
    def anchor_file(self) -> Path:
        return self.anchors or self.folder / "anchors.jsonl"

    @property
    def anchor_files(self) -> tuple[Path, Path]:
        return self.anchor_file, (self.anchors_copy or self.folder / "anchors") / self.anchor_file.name


@cache
def environment() -> Environment:
    return Environment()
