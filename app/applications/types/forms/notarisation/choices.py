"""What the form of notarisation lets choose from, explained to the graph."""

from app.applications.rules.forms.notarisation import choices
from app.directory import types as directory
from app.graph.enums import explain
from app.guidance.types import notarisation as guidance

__all__ = ["choices", "directory", "guidance"]  # the two explain those of their enums that the form uses

explain(
    choices.Authentication,
    "How a certificate is made fit for another country.",
    NONE="Not at all.",
    APOSTILLE="By an apostille (附加证明书), for countries of the Hague Convention.",
    CONSULAR="By consular authentication (领事认证).",
)
explain(
    choices.EvidenceKind,
    "What a piece of evidence is.",
    ID_DOCUMENT="A paper that shows who somebody is (身份证明).",
    AUTHORITY="What shows that an agent or guardian may act (代理权限、监护关系证明).",
    ORIGINAL="The document that is to be notarised (需要公证的文书).",
    PROPERTY="What shows a right to property (财产权利证明).",
    RECORD="A record of an authority (登记、记录类证明).",
    OTHER="Something else (其他).",
)
