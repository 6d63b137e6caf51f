"""Everything the house is told from outside, by environment variables. Only the entrances read it."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Network = IPv4Network | IPv6Network

PRIVATE = tuple(
    map(ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"))
)
"""RFC 1918 and RFC 4193, and this machine."""

NO_KEYS_DIR = "KEYS_DIR is empty: name the folder of keys.json, or leave the variable out"
"""An empty path is the folder where one stands: keys would be made there, and every text be sealed under them."""

EXAMPLE = "示例"
NAMELESS = "OPERATOR_NAME and OPERATOR_CONTACT are an example's: nobody can consent to what nobody answers for"
"""Personal Information Protection Law, article 17 (1): who is asked hears first by whom, and where to reach her."""


class Settings(BaseSettings):
    """README.md explains each. Secrets are not printed."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    api_database_url: SecretStr = SecretStr("")
    worker_database_url: SecretStr = SecretStr("")
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    keys_dir: Path = Path("var/keys")
    files_dir: Path = Path("var/files")
    """Where files lie, sealed, unless an S3 bucket is named."""
    demo: bool = False
    demo_people: Path | None = None
    """In demo mode: the file with tokens of the demo's people, whom the pages offer."""
    demo_page: bool = False
    """Whether a resident's and a lawyer's view stand side by side at `/`; in demo mode they always do."""
    public_url: str = "http://127.0.0.1:8000"
    operator_name: str = "示例市司法局"
    """Who answers for what is done with personal information: each privacy notice names it."""
    operator_contact: str = "0391-0000000（示例）"
    """Where it is reached about that: a telephone, an address."""
    landing_url: str = ""
    """Where whoever opens a channel's code is led to, with `?c=CODE`; empty: a page of our own."""
    allowed_origins: tuple[str, ...] = ()
    behind_pooler: bool = False
    """True where PgBouncer in transaction mode stands between: prepared statements are not kept."""
    trusted_documents: Literal["off", "log", "enforce"] = "off"
    """What happens to documents of others than the staff that no client build has registered."""
    trusted_manifest: Path = Path("var/trusted.json")
    """What scripts.trust_documents writes."""
    requests_a_person: int = 600
    """Operations a minute of a signed-in person; 0 is no limit."""
    requests_an_address: int = 1200
    """The same of all who are not signed in at one address."""
    executor: Literal["compiled", "graphql-core"] = "compiled"
    """What runs operations; graphql-core's own is slower, and what the other is compared with."""
    trust_proxy: bool = False
    """True where a proxy of ours sets X-Forwarded-For: limits per address use it."""

    metrics_token: SecretStr = SecretStr("")
    """Who shows it may read /metrics from anywhere; empty: nobody may."""
    metrics_networks: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    """Private networks that may read /metrics without a token."""
    worker_metrics_port: int = 0
    """Where a relay or a worker serves /metrics, on 127.0.0.1; 0: nowhere."""
    otel_exporter_otlp_endpoint: str = ""
    drain_seconds: float = 5.0
    """From SIGTERM, when /readyz begins to say no, until no more is taken in."""
    head_seconds: float = 10.0
    """For a request's head to arrive whole."""
    limit_concurrency: int = 10_000
    """Connections, idle and live ones included: beyond, 503."""
    backlog: int = 2048

    s3_bucket: str = ""
    s3_endpoint: str = ""
    """Empty: Amazon's own, of that region."""
    s3_region: str = "us-east-1"
    s3_key_id: str = ""
    s3_secret: SecretStr = SecretStr("")
    s3_path_style: bool = True
    """The bucket stands in the path; False where it stands in the host's name."""
    speech_url: str = ""
    """Of a recogniser in our own network; empty: words of recordings come from clients alone."""
    speech_model: str = ""
    speech_key: SecretStr = SecretStr("")
    clamd: str = ""
    """HOST:PORT or the path of a socket; empty: files are not looked through for malicious code."""
    upload_stall_seconds: float = 20.0
    """Without a byte for so long, an upload is given up; it goes on where it broke off."""

    wechat_url: str = "https://api.weixin.qq.com"
    wechat_app_id: str = ""
    wechat_secret: SecretStr = SecretStr("")
    wechat_templates: dict[str, str] = {}
    """WeChat's ids of the mini-program's subscribe messages, by our keys of them."""
    wechat_state: str = "formal"
    """Which version of the mini-program a message opens: developer, trial or formal."""
    wechat_token: SecretStr = SecretStr("")
    """Of the mini-program's message push; empty: nothing is taken from it."""
    wechat_aes_key: SecretStr = SecretStr("")
    """43 characters; empty: pushes come in the clear."""
    official_app_id: str = ""
    """Empty: there is no official account."""
    official_secret: SecretStr = SecretStr("")
    official_templates: dict[str, str] = {}
    official_token: SecretStr = SecretStr("")
    official_aes_key: SecretStr = SecretStr("")
    official_links: dict[str, str] = {}
    """Addresses of the cards that the official account answers with, by their keys: ask, map, 12348."""
    sms_url: str = "https://dysmsapi.aliyuncs.com"
    sms_key_id: str = ""
    sms_key_secret: SecretStr = SecretStr("")
    sms_sign_name: str = ""
    sms_template_code: str = ""
    sms_delegation_template_code: str = ""
    sms_invitation_template_code: str = ""
    sms_guardian_template_code: str = ""
    sms_mediation_template_code: str = ""
    sms_notice_templates: dict[str, str] = {}
    """The provider's codes of the notices' templates, by our keys of them."""

    def storage(self) -> dict[str, Any]:
        """For `Storage.at`."""
        return {
            "folder": self.files_dir,
            "bucket": self.s3_bucket,
            "endpoint": self.s3_endpoint,
            "region": self.s3_region,
            "key_id": self.s3_key_id,
            "secret": self.s3_secret.get_secret_value(),
            "path_style": self.s3_path_style,
        }

    def post(self) -> dict[str, Any]:
        """For `open_post`."""
        return {
            "wechat_url": self.wechat_url,
            "wechat": (self.wechat_app_id, self.wechat_secret.get_secret_value(), self.wechat_templates),
            "state": self.wechat_state,
            "official": (self.official_app_id, self.official_secret.get_secret_value(), self.official_templates),
            "sms_url": self.sms_url,
            "sms": (self.sms_key_id, self.sms_key_secret.get_secret_value(), self.sms_notice_templates),
            "sms_sign_name": self.sms_sign_name,
        }

    @field_validator("keys_dir", mode="before")
    @classmethod
    def _is_named(cls, folder: Any) -> Any:
        if folder == "":
            raise ValueError(NO_KEYS_DIR)
        return folder

    @field_validator("wechat_app_id")
    @classmethod
    def _is_answered_for(cls, app_id: str, others: ValidationInfo) -> str:
        told = others.data
        real = app_id and told["wechat_url"].startswith("https://") and not told["demo"]
        if real and EXAMPLE in told["operator_name"] + told["operator_contact"]:
            raise ValueError(NAMELESS)
        return app_id

    @field_validator("metrics_networks")
    @classmethod
    def _are_private(cls, networks: tuple[Network, ...]) -> tuple[Network, ...]:
        if public := [str(network) for network in networks if not _is_private(network)]:
            raise ValueError(f"not private: {', '.join(public)}; let others show METRICS_TOKEN")
        return networks


def _is_private(network: Network) -> bool:
    return any(network.version == own.version and network.subnet_of(own) for own in PRIVATE)  # type: ignore[arg-type]
