"""When an operator may send something again: pure."""

from app.core.errors import Code, code
from app.notices.models import DeliveryState

DELIVERY_NOT_OVER = code(
    "DELIVERY_NOT_OVER",
    zh="只有发送失败的消息可以重新发送。",
    en="Only a message that failed can be sent again.",
    remedy="Look at its state: what is sent, dropped or still waiting needs nothing.",
)
MAY_HAVE_ARRIVED = code(
    "MAY_HAVE_ARRIVED",
    zh="该消息可能已经送达，请确认后再次发送。",
    en="This message may have arrived. Say that you send it again all the same.",
    remedy="Send evenIfItMayHaveArrived: true where a second message does less harm than none.",
)


def against_retrying(state: DeliveryState, even_if_it_may_have_arrived: bool) -> Code | None:
    if state is DeliveryState.UNKNOWN and not even_if_it_may_have_arrived:
        return MAY_HAVE_ARRIVED
    return None if state in (DeliveryState.DEAD, DeliveryState.UNKNOWN) else DELIVERY_NOT_OVER
