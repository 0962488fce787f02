"""The version in use, as one asks it: what it says, how it decides, and why."""

from dataclasses import dataclass
from typing import Self

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.features.events import Rules
from flight_delays.modelling.explanations.contributions import explain
from flight_delays.modelling.explanations.ordinary import (
    pick_ordinary_flights,
    read_ordinary_flights,
)
from flight_delays.modelling.explanations.reasons import tell_reasons
from flight_delays.modelling.explanations.words import has_words
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.parameters import EvaluationParameters, Leads, TargetParameters
from flight_delays.registry.feature_definition import FeatureDefinition, read_definition
from flight_delays.registry.versions import (
    FEATURE_DEFINITION,
    FEATURE_GROUPS,
    ORDINARY_FLIGHTS,
    TRAIN_ANEW,
    Contender,
)

from .answers import answer_questions


@dataclass(frozen=True)
class ServedModel:
    """A version with all that it takes to ask it.

    Attributes:
        number: The version in the registry.
        model: The model.
        thresholds_minutes: The thresholds that it was judged by.
        definition: What its features mean.
        groups: The features that it looks at, by group.
        ordinary: What flights are held against in explanations.
        evaluation: What a wrong decision costs.
    """

    number: int
    model: LatenessClassifier
    thresholds_minutes: list[int]
    definition: FeatureDefinition
    groups: dict[str, list[str]]
    ordinary: pd.DataFrame
    evaluation: EvaluationParameters

    @classmethod
    def read(
        cls, contender: Contender, target: TargetParameters, evaluation: EvaluationParameters
    ) -> Self:
        """Read what a version carries.

        Args:
            contender: The version.
            target: What late means now.
            evaluation: What a wrong decision costs.

        Returns:
            The version, to be asked.

        Raises:
            DataError: It lacks something, or cannot be asked by this code.
        """
        version, model, carried = contender.version, contender.model, contender.metadata
        definition = read_definition(carried.get(FEATURE_DEFINITION), version.number, target)
        if not {FEATURE_GROUPS, ORDINARY_FLIGHTS} <= carried.keys():
            raise DataError(
                f"Version {version.number} does not say what an ordinary flight is, so it can give "
                f"no reasons. {TRAIN_ANEW}"
            )
        first, *later = model.thresholds_minutes
        judged = [minutes for minutes in later if minutes in version.judged_thresholds]
        return cls(
            number=version.number,
            model=model,
            thresholds_minutes=[first, *judged],
            definition=definition,
            groups=carried[FEATURE_GROUPS],
            ordinary=read_ordinary_flights(carried[ORDINARY_FLIGHTS]),
            evaluation=evaluation,
        )

    @property
    def leads(self) -> Leads:
        """How far ahead it has learnt to look."""
        return self.definition.feature_engineering.leads

    @property
    def rules(self) -> Rules:
        """What counts as late, given up and lost by its features."""
        events = self.definition.feature_engineering.events
        return Rules(self.definition.target.headline_minutes, **events.model_dump())

    def answer(self, questions: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
        """Say how late flights will probably be, and decide; see `answer_questions`."""
        return answer_questions(
            questions, features, self.model, self.thresholds_minutes, self.number, self.evaluation
        )

    def explain(self, questions: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
        """Tell why the first threshold is as probable as it is.

        Args:
            questions: `origin`, `destination`, `carrier` and `lead_minutes`.
            features: Their features, on the same index.

        Returns:
            On that index, the `ordinary_probability` and what each group adds to it (`from_weather`
            and so on; together the flight's own), and the `reasons` in words.
        """
        ordinary = pick_ordinary_flights(self.ordinary, questions["lead_minutes"])
        columns = [column for members in self.groups.values() for column in members]
        facts = [*filter(has_words, columns)]
        told = explain(self.model, features, ordinary, self.groups, facts)
        return told.groups.add_prefix("from_").assign(
            ordinary_probability=told.ordinary,
            reasons=tell_reasons(told, features, questions, self.groups),
        )
