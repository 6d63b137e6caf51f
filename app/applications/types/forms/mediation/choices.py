"""What the form of mediation lets choose from, explained to the graph."""

from app.applications.rules.forms.mediation import choices
from app.graph.enums import explain

__all__ = ["choices"]

explain(
    choices.DisputeKind,
    "What a dispute is about: the fifteen types of the statistics of people's mediation.",
    FAMILY="Marriage and family (婚姻家庭).",
    NEIGHBOURS="Between neighbours (邻里).",
    HOMESTEAD="Houses and homesteads (房屋宅基地).",
    CONTRACT="Contracts (合同).",
    PRODUCTION="Production and trade (生产经营).",
    DAMAGES="Harm and damages (损害赔偿).",
    LAND="Mountains, forests and land (山林土地).",
    DEMOLITION="Land taken, houses pulled down (征地拆迁).",
    ENVIRONMENT="Pollution (环境污染).",
    LABOUR="Work and wages (劳动争议).",
    CONSUMER="Buying and services (消费).",
    MEDICAL="Medical treatment (医疗).",
    TRAFFIC="Road accidents (道路交通事故).",
    PROPERTY_MANAGEMENT="Management of housing estates (物业).",
    OTHER="Something else (其他).",
)
explain(
    choices.MediationSource,
    "How a case comes to the committee.",
    APPLICATION="One of the two applies (当事人申请).",
    OWN_INITIATIVE="A mediator has offered it (主动调解).",
    REFERRED="A court or an office sends it, with its letter (委托移送).",
)
explain(
    choices.Elsewhere,
    "Where else the dispute already is.",
    NOWHERE="Nowhere yet.",
    COURT="Before a court.",
    ARBITRATION="In arbitration.",
    AUTHORITY="With an authority.",
    PETITION="With the office for petitions (信访).",
)
explain(
    choices.MediationMaterialKind,
    "What a file of an application for mediation is.",
    ID_DOCUMENT="A paper that shows who she is.",
    EVIDENCE="What proves something.",
    AUTHORITY="The agent's authority (授权委托书).",
    REFERRAL_LETTER="The letter by which a court or an office sends it (委托移送函).",
    OTHER="Something else.",
)
