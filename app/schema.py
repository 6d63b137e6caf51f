"""The whole public graph, room by room."""

from typing import Annotated

import strawberry
from strawberry.schema.config import StrawberryConfig

from app.accounts.api import NODES as ACCOUNTS_NODES
from app.accounts.api import AccountsMutation, AccountsQuery, AccountsSubscription
from app.activities.api import NODES as ACTIVITIES_NODES
from app.activities.api import ActivitiesMutation, ActivitiesQuery, ActivitiesSubscription
from app.advisers.api import NODES as ADVISERS_NODES
from app.advisers.api import AdvisersMutation, AdvisersQuery
from app.applications.api import NODES as APPLICATIONS_NODES
from app.applications.api import ApplicationsMutation, ApplicationsQuery, ApplicationsSubscription
from app.appointments.api import NODES as APPOINTMENTS_NODES
from app.appointments.api import AppointmentsMutation, AppointmentsQuery
from app.audit.api import NODES as AUDIT_NODES
from app.audit.api import AuditQuery
from app.consultation.api import NODES as CONSULTATION_NODES
from app.consultation.api import ConsultationMutation, ConsultationQuery, ConsultationSubscription
from app.contests.api import NODES as CONTESTS_NODES
from app.contests.api import ContestsMutation, ContestsQuery
from app.core.errors import TABLE, refuse
from app.dates.api import NODES as DATES_NODES
from app.dates.api import DatesMutation, DatesQuery
from app.directory.api import NODES as DIRECTORY_NODES
from app.directory.api import DirectoryMutation, DirectoryQuery
from app.education.api import NODES as EDUCATION_NODES
from app.education.api import EducationMutation, EducationQuery
from app.graph import visible
from app.graph.context import Info
from app.graph.entrance import Schema
from app.graph.execution import CompiledExecutor
from app.graph.ids import MAX_NODES, TOO_MANY_IDS, Fetch, Node, fetch_nodes
from app.graph.moments import SCALARS
from app.graph.permissions import Anyone, declare
from app.graph.refusals import RefusalCode, ShowRefusal
from app.graph.weights import Cost, ListSize, describe
from app.guidance.api import NODES as GUIDANCE_NODES
from app.guidance.api import GuidanceQuery
from app.insights.api import NODES as INSIGHTS_NODES
from app.insights.api import InsightsMutation, InsightsQuery
from app.mediation.api import NODES as MEDIATION_NODES
from app.mediation.api import MediationMutation, MediationQuery, MediationSubscription
from app.moderation.api import NODES as MODERATION_NODES
from app.moderation.api import ModerationMutation, ModerationQuery
from app.notices.api import NODES as NOTICES_NODES
from app.notices.api import NoticesMutation, NoticesQuery, NoticesSubscription
from app.outreach.api import NODES as OUTREACH_NODES
from app.outreach.api import OutreachMutation, OutreachQuery
from app.oversight.api import NODES as OVERSIGHT_NODES
from app.oversight.api import OversightMutation, OversightQuery
from app.papers.api import NODES as PAPERS_NODES
from app.papers.api import PapersQuery
from app.places.api import PlacesQuery
from app.quality.api import NODES as QUALITY_NODES
from app.quality.api import QualityMutation, QualityQuery
from app.quizzes.api import NODES as QUIZZES_NODES
from app.quizzes.api import QuizzesMutation, QuizzesQuery, QuizzesSubscription
from app.screening.api import ScreeningQuery
from app.threads.api import NODES as THREADS_NODES
from app.threads.api import ThreadsMutation, ThreadsQuery, ThreadsSubscription
from app.vault.api import NODES as VAULT_NODES
from app.vault.api import VaultMutation, VaultQuery
from app.window.api import NODES as WINDOW_NODES
from app.window.api import WindowMutation, WindowQuery

NODES: dict[str, Fetch] = (
    ACCOUNTS_NODES
    | DIRECTORY_NODES
    | ADVISERS_NODES
    | GUIDANCE_NODES
    | VAULT_NODES
    | NOTICES_NODES
    | OUTREACH_NODES
    | PAPERS_NODES
    | ACTIVITIES_NODES
    | CONTESTS_NODES
    | THREADS_NODES
    | APPOINTMENTS_NODES
    | CONSULTATION_NODES
    | DATES_NODES
    | EDUCATION_NODES
    | APPLICATIONS_NODES
    | WINDOW_NODES
    | MEDIATION_NODES
    | INSIGHTS_NODES
    | AUDIT_NODES
    | MODERATION_NODES
    | QUALITY_NODES
    | OVERSIGHT_NODES
    | QUIZZES_NODES
)


@strawberry.type
class HouseQuery:
    @strawberry.field(
        permission_classes=[Anyone], description="Anything by its id; null when there is no such thing for you."
    )
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="As the graph gave it.")]
    ) -> Node | None:
        found: list[Node | None] = await fetch_nodes(info, NODES, [id])
        return found[0]

    @strawberry.field(permission_classes=[Anyone], description="Several things by their ids, with null for each hole.")
    async def nodes(
        self, info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="At most 100 ids.")]
    ) -> list[Node | None]:
        if len(ids) > MAX_NODES:
            raise refuse(TOO_MANY_IDS, "ids", limit=MAX_NODES)
        return await fetch_nodes(info, NODES, list(ids))

    @strawberry.field(
        permission_classes=[Anyone],
        description="Every code that a refusal or an error can carry.",
        directives=[Cost(weight=0), ListSize(assumed_size=200)],
    )
    def refusal_codes(self) -> list[RefusalCode]:
        return [RefusalCode.of(code) for _, code in sorted(TABLE.items())]


@strawberry.type(description="What can be read.", directives=[visible.ANYONE])
class Query(
    HouseQuery,
    AccountsQuery,
    PlacesQuery,
    DirectoryQuery,
    AdvisersQuery,
    GuidanceQuery,
    ScreeningQuery,
    VaultQuery,
    NoticesQuery,
    OutreachQuery,
    PapersQuery,
    ActivitiesQuery,
    ContestsQuery,
    ThreadsQuery,
    AppointmentsQuery,
    ConsultationQuery,
    DatesQuery,
    EducationQuery,
    ApplicationsQuery,
    WindowQuery,
    MediationQuery,
    QualityQuery,
    InsightsQuery,
    AuditQuery,
    ModerationQuery,
    OversightQuery,
    QuizzesQuery,
): ...


@strawberry.type(
    description="What can be done. Every payload is what was made, or a refusal with its reasons.",
    directives=[visible.ANYONE],
)
class Mutation(
    AccountsMutation,
    DirectoryMutation,
    AdvisersMutation,
    VaultMutation,
    NoticesMutation,
    ActivitiesMutation,
    OutreachMutation,
    ContestsMutation,
    ThreadsMutation,
    AppointmentsMutation,
    ConsultationMutation,
    DatesMutation,
    EducationMutation,
    ApplicationsMutation,
    WindowMutation,
    MediationMutation,
    InsightsMutation,
    ModerationMutation,
    QualityMutation,
    OversightMutation,
    QuizzesMutation,
): ...


@strawberry.type(
    description="Live news: a snapshot first, then what happens, each frame with a cursor to resume from.",
    directives=[visible.ANYONE],
)
class Subscription(
    AccountsSubscription,
    NoticesSubscription,
    ActivitiesSubscription,
    ThreadsSubscription,
    ConsultationSubscription,
    ApplicationsSubscription,
    MediationSubscription,
    QuizzesSubscription,
): ...


declare(Query, Mutation, Subscription)
schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    exception_handlers=[ShowRefusal()],
    config=StrawberryConfig(scalar_map=SCALARS),
    execution_context_class=CompiledExecutor,
)
describe(schema._schema)
