"""What the provider of text messages answers instead of sending one.

Its refusals are those of https://help.aliyun.com/document_detail/101346.html and of the gateway before it.
"""

import httpx


class SmsError(Exception):
    """The code was not handed over. `code` and `request_id` are the provider's, for its own support desk."""

    def __init__(self, code: str | None = None, request_id: str | None = None) -> None:
        super().__init__(f"SMS provider's code {code}, request {request_id}")
        self.code = code
        self.request_id = request_id


class SmsLimited(SmsError):
    """This phone has had as many as the provider allows (1 a minute, 5 an hour, 10 a day by default)."""


class SmsBadNumber(SmsError):
    """No message can reach this number; another attempt changes nothing."""


class SmsMisconfigured(SmsError):
    """Arrears, sign, template, keys or the account's own daily cap: nobody gets a code until we mend it."""


class SmsUnknown(SmsError):
    """The request left and no answer came: the message may arrive, so nothing sends it again by itself."""


class SmsUnavailable(SmsError):
    """The provider could not be reached or did not take the request: nothing was sent, later may work."""


# The vendor's Message is never read: for a bad number it quotes the number.
_KINDS: dict[str, type[SmsError]] = {
    "isv.BUSINESS_LIMIT_CONTROL": SmsLimited,
    "isv.MOBILE_NUMBER_ILLEGAL": SmsBadNumber,
    "isv.CUSTOMER_REFUSED": SmsBadNumber,
    "isp.SYSTEM_ERROR": SmsUnavailable,
    "isp.GATEWAY_ERROR": SmsUnavailable,
    "ServiceUnavailable": SmsUnavailable,
    "Throttling": SmsUnavailable,
    "Throttling.User": SmsUnavailable,
    "Throttling.Api": SmsUnavailable,
    # Something on the way sent our request twice; the first one may have been taken.
    "SignatureNonceUsed": SmsUnknown,
}


def kind_of(code: str | None, status: int) -> type[SmsError]:
    """A refusal we do not know is ours to look into, unless the provider stumbled over a request it took."""
    if code is None or code == "OK":
        return SmsUnknown
    return _KINDS.get(code, SmsUnknown if status >= httpx.codes.INTERNAL_SERVER_ERROR else SmsMisconfigured)
