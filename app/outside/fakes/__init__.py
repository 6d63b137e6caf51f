"""Stand-ins for the world, for tests and scripts alone: they speak the providers' protocols over real HTTP.

The credentials below open nothing but these fakes.
"""

WECHAT_APP_ID = "wxdemo000000000001"
WECHAT_SECRET = "demo-wechat-secret"
SPEECH_MODEL = "demo-recogniser"
SPEECH_KEY = "demo-speech-key"
SMS_KEY_ID = "demo-sms-key-id"
SMS_KEY_SECRET = "demo-sms-key-secret"
SMS_SIGN_NAME = "公共法律服务"
SMS_TEMPLATE_CODE = "SMS_000000001"
SMS_DELEGATION_CODE = "SMS_000000002"
SMS_INVITATION_CODE = "SMS_000000003"
SMS_GUARDIAN_CODE = "SMS_000000004"
SMS_TEMPLATE = "验证码${code}，五分钟内有效。请勿告诉他人。"
SMS_DELEGATION = "有人申请代您向律师咨询。如您同意，请把${code}告诉对方，五分钟内有效；不同意请忽略。您可随时撤销。"
SMS_INVITATION = "您受邀成为公共法律服务平台工作人员，邀请码${code}，二十四小时内有效。请勿告诉他人；如非本人请忽略。"
SMS_GUARDIAN = (
    "您的孩子想向律师咨询，需监护人同意。如同意，请把${code}告诉孩子，五分钟内有效；不同意请忽略。可随时撤销。"
)
SMS_TEMPLATES = {
    SMS_TEMPLATE_CODE: SMS_TEMPLATE,
    SMS_DELEGATION_CODE: SMS_DELEGATION,
    SMS_INVITATION_CODE: SMS_INVITATION,
    SMS_GUARDIAN_CODE: SMS_GUARDIAN,
}


def settings(url: str) -> dict[str, str]:
    """The house's settings, by name, that send its calls to the fakes at this address."""
    return {
        "WECHAT_URL": url,
        "WECHAT_APP_ID": WECHAT_APP_ID,
        "WECHAT_SECRET": WECHAT_SECRET,
        "SMS_URL": url,
        "SMS_KEY_ID": SMS_KEY_ID,
        "SMS_KEY_SECRET": SMS_KEY_SECRET,
        "SMS_SIGN_NAME": SMS_SIGN_NAME,
        "SMS_TEMPLATE_CODE": SMS_TEMPLATE_CODE,
        "SMS_DELEGATION_TEMPLATE_CODE": SMS_DELEGATION_CODE,
        "SMS_INVITATION_TEMPLATE_CODE": SMS_INVITATION_CODE,
        "SMS_GUARDIAN_TEMPLATE_CODE": SMS_GUARDIAN_CODE,
    }
