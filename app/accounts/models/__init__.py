"""The tables of this room and their states."""

from app.accounts.models.consenting import (
    AgeBand,
    AgeSaid,
    Consent,
    ConsentPurpose,
    ConsentRecord,
    Delegation,
    Guardianship,
    Relation,
)
from app.accounts.models.exporting import Export, ExportPart, ExportState
from app.accounts.models.keeping import (
    Closing,
    LegalHold,
)
from app.accounts.models.minors import (
    MinorAccess,
    MinorData,
)
from app.accounts.models.people import (
    Duty,
    Identity,
    IdentityKind,
    MoveKind,
    Person,
    PersonMove,
    Post,
    RoleHeld,
    Standing,
    VillageSaid,
)
from app.accounts.models.pushing import (
    Follower,
    WeChatNonce,
    WeChatPush,
)
from app.accounts.models.signing_in import (
    Ended,
    RefreshToken,
    SignIn,
    SmsBudget,
    SmsCode,
)
from app.accounts.models.staff import (
    Credential,
    Invitation,
    SignInTry,
)

__all__ = [
    "AgeBand",
    "AgeSaid",
    "Closing",
    "Consent",
    "ConsentPurpose",
    "ConsentRecord",
    "Credential",
    "Delegation",
    "Duty",
    "Ended",
    "Export",
    "ExportPart",
    "ExportState",
    "Follower",
    "Guardianship",
    "Identity",
    "IdentityKind",
    "Invitation",
    "LegalHold",
    "MinorAccess",
    "MinorData",
    "MoveKind",
    "Person",
    "PersonMove",
    "Post",
    "RefreshToken",
    "Relation",
    "RoleHeld",
    "SignIn",
    "SignInTry",
    "SmsBudget",
    "SmsCode",
    "Standing",
    "VillageSaid",
    "WeChatNonce",
    "WeChatPush",
]
