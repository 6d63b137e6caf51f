"""This room's root fields and nodes, by what people do."""

from app.consultation.api import erasing, following, life, nodes, petitions, rating
from app.consultation.api.answering import AnsweringMutation
from app.consultation.api.asking import AskingMutation, AskingQuery, AskingSubscription
from app.consultation.api.desk import DeskMutation, DeskQuery, DeskSubscription
from app.consultation.api.erasing import ErasingMutation, ErasingQuery
from app.consultation.api.follow_through import FollowThroughMutation
from app.consultation.api.following import FollowingMutation
from app.consultation.api.life import LifeMutation, LifeQuery
from app.consultation.api.petitions import PetitionsMutation
from app.consultation.api.practice import PracticeMutation, PracticeQuery
from app.consultation.api.rating import RatingMutation, RatingQuery
from app.consultation.api.record import RecordQuery, RecordSubscription
from app.consultation.api.voices import VoicesMutation

NODES = nodes.NODES | life.NODES | rating.NODES | petitions.NODES | following.NODES | erasing.NODES


class ConsultationQuery(AskingQuery, LifeQuery, ErasingQuery, DeskQuery, PracticeQuery, RatingQuery, RecordQuery): ...


class ConsultationMutation(
    AskingMutation,
    LifeMutation,
    ErasingMutation,
    FollowingMutation,
    DeskMutation,
    AnsweringMutation,
    VoicesMutation,
    PracticeMutation,
    RatingMutation,
    FollowThroughMutation,
    PetitionsMutation,
): ...


class ConsultationSubscription(AskingSubscription, DeskSubscription, RecordSubscription): ...
