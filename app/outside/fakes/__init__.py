"""Stand-ins for the world, for tests and scripts alone: they speak the providers' protocols over real HTTP.

The credentials below open nothing but these fakes.
"""

import json

WECHAT_APP_ID = "wxdemo000000000001"
WECHAT_SECRET = "demo-wechat-secret"
OFFICIAL_APP_ID = "wxdemo000000000002"
OFFICIAL_SECRET = "demo-official-secret"
OFFICIAL_TOKEN = "demo-official-token"
OFFICIAL_AES_KEY = "demoOfficialAesKeyDemoOfficialAesKeyDemoOfA"
WECHAT_TOKEN = "demo-mini-token"
SPEECH_MODEL = "demo-recogniser"
SPEECH_KEY = "demo-speech-key"
SMS_KEY_ID = "demo-sms-key-id"
SMS_KEY_SECRET = "demo-sms-key-secret"
SMS_SIGN_NAME = "公共法律服务"
SMS_TEMPLATE_CODE = "SMS_000000001"
SMS_DELEGATION_CODE = "SMS_000000002"
SMS_INVITATION_CODE = "SMS_000000003"
SMS_GUARDIAN_CODE = "SMS_000000004"
SMS_MEDIATION_CODE = "SMS_000000005"
SMS_TEMPLATE = "验证码${code}，五分钟内有效。请勿告诉他人。"
SMS_DELEGATION = "有人申请代您向律师咨询。如您同意，请把${code}告诉对方，五分钟内有效；不同意请忽略。您可随时撤销。"
SMS_INVITATION = "您受邀成为公共法律服务平台工作人员，邀请码${code}，二十四小时内有效。请勿告诉他人；如非本人请忽略。"
SMS_GUARDIAN = (
    "您的孩子想向律师咨询，需监护人同意。如同意，请把${code}告诉孩子，五分钟内有效；不同意请忽略。可随时撤销。"
)
SMS_MEDIATION = "您受邀参加人民调解。打开邀请链接的验证码${code}，五分钟内有效。是否参加由您自愿决定；如非本人请忽略。"
TITLES = {
    "REPLY": "咨询回复通知",
    "PROGRESS": "咨询进度通知",
    "OFFER": "新咨询待接通知",
    "TASK": "待办事项通知",
    "DIGEST": "未读消息提醒",
}
"""The notices' templates, by our keys: what stands above the fields in a chat."""
FIELDS = {"thing1", "time2"}
WECHAT_TEMPLATES = {key: f"demo-mini-{key.lower():-<34}" for key in TITLES}
OFFICIAL_TEMPLATES = {key: f"demo-official-{key.lower():-<30}" for key in TITLES}
SMS_NOTICES = {key: f"SMS_0000001{number:02}" for number, key in enumerate(TITLES)}
SMS_CODES = {
    SMS_TEMPLATE_CODE: SMS_TEMPLATE,
    SMS_DELEGATION_CODE: SMS_DELEGATION,
    SMS_INVITATION_CODE: SMS_INVITATION,
    SMS_GUARDIAN_CODE: SMS_GUARDIAN,
    SMS_MEDIATION_CODE: SMS_MEDIATION,
}
"""In the order in which AlibabaSms takes them."""
SMS_TEMPLATES = SMS_CODES | {
    SMS_NOTICES["REPLY"]: "您的法律咨询有新回复，请打开“公共法律服务”小程序查看。",
    SMS_NOTICES["PROGRESS"]: "您的法律咨询有新进展，请打开“公共法律服务”小程序查看。",
    SMS_NOTICES["OFFER"]: "有新的法律咨询等待解答，请打开“公共法律服务”小程序查看。",
    SMS_NOTICES["TASK"]: "您有待办事项，请登录公共法律服务平台处理。",
    SMS_NOTICES["DIGEST"]: "您有${count}条未读消息，请打开“公共法律服务”小程序查看。",
}
"""What the provider has approved; `code` and `count` are the only variables."""


def settings(url: str) -> dict[str, str]:
    """The house's settings, by name, that send its calls to the fakes at this address."""
    return {
        "WECHAT_URL": url,
        "WECHAT_APP_ID": WECHAT_APP_ID,
        "WECHAT_SECRET": WECHAT_SECRET,
        "WECHAT_TEMPLATES": json.dumps(WECHAT_TEMPLATES),
        "OFFICIAL_APP_ID": OFFICIAL_APP_ID,
        "OFFICIAL_SECRET": OFFICIAL_SECRET,
        "OFFICIAL_TOKEN": OFFICIAL_TOKEN,
        "OFFICIAL_AES_KEY": OFFICIAL_AES_KEY,
        "WECHAT_TOKEN": WECHAT_TOKEN,
        "OFFICIAL_TEMPLATES": json.dumps(OFFICIAL_TEMPLATES),
        "SMS_URL": url,
        "SMS_KEY_ID": SMS_KEY_ID,
        "SMS_KEY_SECRET": SMS_KEY_SECRET,
        "SMS_SIGN_NAME": SMS_SIGN_NAME,
        "SMS_TEMPLATE_CODE": SMS_TEMPLATE_CODE,
        "SMS_DELEGATION_TEMPLATE_CODE": SMS_DELEGATION_CODE,
        "SMS_INVITATION_TEMPLATE_CODE": SMS_INVITATION_CODE,
        "SMS_GUARDIAN_TEMPLATE_CODE": SMS_GUARDIAN_CODE,
        "SMS_MEDIATION_TEMPLATE_CODE": SMS_MEDIATION_CODE,
        "SMS_NOTICE_TEMPLATES": json.dumps(SMS_NOTICES),
    }
