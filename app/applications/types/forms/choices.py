"""What the forms of more than one kind let choose from, explained to the graph."""

from app.applications.models import ApplicationKind
from app.applications.rules.forms import choices
from app.graph.enums import explain

__all__ = ["ApplicationKind", "choices"]

explain(
    ApplicationKind,
    "For what one applies.",
    LEGAL_AID="法律援助: a lawyer for nothing, for who cannot pay.",
    MEDIATION="人民调解: a mediator between two who both want it, for nothing.",
    NOTARISATION="公证: to have something certified.",
    CERTIFICATE_REVIEW="公证复查: to have a certificate looked into that is not one's own.",
)
explain(
    choices.IdKind,
    "A paper by which a person is known.",
    RESIDENT_ID="A resident's identity card (居民身份证): eighteen characters.",
    HK_MACAU_TAIWAN_RESIDENCE="A residence permit of people of Hong Kong, Macao and Taiwan (港澳台居民居住证).",
    HK_MACAU_PERMIT="A travel permit of people of Hong Kong and Macao (港澳居民来往内地通行证).",
    TAIWAN_PERMIT="A travel permit of people of Taiwan (台湾居民来往大陆通行证).",
    FOREIGN_RESIDENCE="A foreigner's permanent residence card (外国人永久居留身份证).",
    PASSPORT="A passport (护照) of any country.",
    OTHER="Another paper (其他证件).",
)
explain(
    choices.AgentRelation,
    "By what right an agent applies for another.",
    STATUTORY="A statutory representative (法定代理人).",
    NEAR_RELATIVE="One of her near family (近亲属).",
    AUTHORISED="By a power of attorney (委托代理人).",
)
