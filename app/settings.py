"""Everything the house is told from outside, by environment variables. Only the entrances read it."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """README.md explains each. Secrets are not printed."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    api_database_url: SecretStr = SecretStr("")
    worker_database_url: SecretStr = SecretStr("")
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    keys_dir: Path = Path("var/keys")
    demo: bool = False
    public_url: str = "http://127.0.0.1:8000"
    allowed_origins: tuple[str, ...] = ()
    behind_pooler: bool = False
    """True where PgBouncer in transaction mode stands between: prepared statements are not kept."""
    trust_proxy: bool = False
    """True where a proxy of ours sets X-Forwarded-For: limits per address use it."""

    wechat_url: str = "https://api.weixin.qq.com"
    wechat_app_id: str = ""
    wechat_secret: SecretStr = SecretStr("")
    sms_url: str = "https://dysmsapi.aliyuncs.com"
    sms_key_id: str = ""
    sms_key_secret: SecretStr = SecretStr("")
    sms_sign_name: str = ""
    sms_template_code: str = ""
    sms_delegation_template_code: str = ""
