"""What the form of legal aid lets choose from, explained to the graph."""

from app.applications.rules.forms.legal_aid import choices
from app.directory import types as directory
from app.graph.enums import explain
from app.guidance.types import eligibility

__all__ = ["choices", "directory", "eligibility"]  # the two explain those of their enums that the form uses

explain(
    choices.EducationLevel,
    "The highest school that was finished.",
    NONE="No school at all (未上过学).",
    PRIMARY="Primary school (小学).",
    JUNIOR="Junior middle school (初中).",
    SENIOR="Senior middle school (高中).",
    VOCATIONAL="A vocational school (中专、技校).",
    COLLEGE="A junior college (大专).",
    UNIVERSITY="A university, or more (本科及以上).",
)
explain(
    choices.Health,
    "How somebody's health is, in her own eyes.",
    GOOD="Well (健康).",
    WEAK="In delicate health (体弱).",
    CHRONICALLY_ILL="Ill for long (患慢性病或者重大疾病).",
    DISABLED="With a disability (残疾).",
)
explain(
    choices.PersonTag,
    "What somebody is, as the statistics of legal aid count it.",
    DISABLED="A person with a disability (残疾人).",
    ELDERLY="Sixty or older (老年人).",
    MINOR="Younger than eighteen (未成年人).",
    WOMAN="A girl or woman (妇女).",
    MIGRANT_WORKER="Somebody from the country who works in a city (进城务工人员).",
    MILITARY="A soldier, or of a soldier's family (军人军属).",
    MINIMUM_LIVING="On subsistence allowance, or destitute (低保、特困).",
    SPECIAL_CARE="A recipient of special care (优抚对象).",
    OTHER="Something else (其他).",
)
explain(
    choices.CasePosition,
    "What the applicant is in the case.",
    PLAINTIFF="She sues (原告).",
    DEFENDANT="She is sued (被告).",
    THIRD_PARTY="Neither sues nor is sued, but has a part in it (第三人).",
    CLAIMANT="She asks for arbitration, reconsideration, enforcement or the like (申请人).",
    RESPONDENT="It is asked against her (被申请人).",
    APPELLANT="She appeals (上诉人).",
    APPELLEE="The other side appeals (被上诉人).",
    SUSPECT="Suspected, and not charged yet (犯罪嫌疑人).",
    ACCUSED="A defendant in a criminal case (被告人).",
    VICTIM="A victim, or private prosecutor (被害人、自诉人).",
    OTHER="Something else (其他).",
)
explain(
    choices.CaseStage,
    "How far the case is.",
    NOT_BEGUN="No procedure has begun (未进入程序).",
    MEDIATION="In mediation (调解).",
    ARBITRATION="In arbitration (仲裁).",
    RECONSIDERATION="In administrative reconsideration (行政复议).",
    INVESTIGATION="Under investigation (侦查).",
    PROSECUTION="With the procuratorate (审查起诉).",
    FIRST_INSTANCE="Before the first court (一审).",
    SECOND_INSTANCE="On appeal (二审).",
    RETRIAL="Tried again (再审).",
    ENFORCEMENT="Being enforced (执行).",
)
explain(
    choices.MaterialKind,
    "What a file is attached for.",
    ID_DOCUMENT="An identity paper (身份证明).",
    HARDSHIP_STATEMENT="The statement on hardship (经济困难状况说明).",
    STATUS_PROOF="What shows that hardship is not to be checked, or no condition applies (免予核查或者不受限制的证明).",
    CASE_DOCUMENT="What belongs to the case (与案件有关的材料).",
    AUTHORITY="What shows that an agent may act (代理权限证明).",
    OTHER="Something else (其他材料).",
)
