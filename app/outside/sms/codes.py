"""Six digits to a phone."""

import json
import re
from enum import StrEnum
from typing import Protocol

import httpx
import structlog

from app.outside.sms.errors import SmsMisconfigured
from app.outside.sms.line import PATIENCE, AlibabaLine

_CODE = re.compile(r"[0-9]{6}")

log = structlog.get_logger(__name__)


class Purpose(StrEnum):
    """What the digits are good for; the message that brings them says so."""

    SIGN_IN = "SIGN_IN"
    DELEGATION = "DELEGATION"
    INVITATION = "INVITATION"
    GUARDIAN = "GUARDIAN"
    MEDIATION = "MEDIATION"


class SmsGateway(Protocol):
    async def send_code(self, phone: str, code: str, purpose: Purpose = Purpose.SIGN_IN) -> str:
        """Send six digits to a phone (E.164, or eleven digits of the mainland); the provider's message id.

        Raises an SmsError, which never names the phone or the code.
        """
        ...


class AlibabaSms:
    """Codes under an approved sign, in templates whose only variable is `code`.

    Without `delegation_template_code` no consent to a delegation can be asked for, without `invitation_template_code`
    nobody is invited to the staff, without `guardian_template_code` no guardian is asked, and without
    `mediation_template_code` nobody opens an invitation to a mediation.

    `patience` is the most a call may take, in seconds.
    """

    def __init__(
        self,
        url: str,
        key_id: str,
        key_secret: str,
        sign_name: str,
        template_code: str,
        delegation_template_code: str = "",
        invitation_template_code: str = "",
        guardian_template_code: str = "",
        mediation_template_code: str = "",
        *,
        client: httpx.AsyncClient | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._line = AlibabaLine(url, key_id, key_secret, client=client, patience=patience)
        self._sign_name = sign_name
        self._templates = {
            Purpose.SIGN_IN: template_code,
            Purpose.DELEGATION: delegation_template_code,
            Purpose.INVITATION: invitation_template_code,
            Purpose.GUARDIAN: guardian_template_code,
            Purpose.MEDIATION: mediation_template_code,
        }

    async def aclose(self) -> None:
        await self._line.aclose()

    async def send_code(self, phone: str, code: str, purpose: Purpose = Purpose.SIGN_IN) -> str:
        if _CODE.fullmatch(code) is None:
            raise ValueError("a code has six digits")
        if not self._templates[purpose]:
            log.error("sms_template_missing", purpose=purpose)
            raise SmsMisconfigured
        return await self._line.send(phone, self._sign_name, self._templates[purpose], json.dumps({"code": code}))
