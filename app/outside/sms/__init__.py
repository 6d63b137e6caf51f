"""Text messages, through Alibaba Cloud's short message service: codes to sign in with, and notices."""

from app.outside.sms.codes import AlibabaSms, Purpose, SmsGateway
from app.outside.sms.errors import (
    SmsBadNumber,
    SmsError,
    SmsLimited,
    SmsMisconfigured,
    SmsUnavailable,
    SmsUnknown,
)
from app.outside.sms.notices import SmsNotices

__all__ = [
    "AlibabaSms",
    "Purpose",
    "SmsBadNumber",
    "SmsError",
    "SmsGateway",
    "SmsLimited",
    "SmsMisconfigured",
    "SmsNotices",
    "SmsUnavailable",
    "SmsUnknown",
]
