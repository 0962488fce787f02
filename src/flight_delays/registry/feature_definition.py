"""What the features of a version mean: their parameters, what late means, and the code."""

import ast
import hashlib
import io
import tokenize
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
from pydantic import ValidationError

from flight_delays.errors import DataError
from flight_delays.features.build import make_features
from flight_delays.features.events import SCHEDULE, FlightEvents, Rules
from flight_delays.features.questions import Asked
from flight_delays.parameters import FeatureEngineeringParameters, Group, TargetParameters
from flight_delays.parameters.base import Parameters

from .versions import TRAIN_ANEW

# Which questions are asked is no part of what an answer means.
QUESTIONS = {"leads", "splits"}


class FeatureDefinition(Parameters):
    """What the features of a table, or of a version, mean."""

    feature_engineering: FeatureEngineeringParameters
    target: TargetParameters
    code_sha256: str

    def agrees_with(self, other: "FeatureDefinition") -> bool:
        """Tell whether the features of both are the same ones."""
        return self._list_meanings() == other._list_meanings()

    def _list_meanings(self) -> tuple[dict[str, Any], int]:
        meanings = self.model_dump(exclude={"feature_engineering": QUESTIONS, "target": True})
        return meanings, self.target.headline_minutes


def define_features(
    parameters: FeatureEngineeringParameters, target: TargetParameters
) -> FeatureDefinition:
    """Define the features that this code makes by these parameters."""
    return FeatureDefinition(
        feature_engineering=parameters, target=target, code_sha256=digest_feature_code()
    )


def read_definition(
    carried: dict[str, Any] | None, number: int, target: TargetParameters
) -> FeatureDefinition:
    """Read the definition that a version carries, and see that it can be followed.

    Args:
        carried: The definition as it was written; None where there is none.
        number: The version.
        target: What late means now.

    Returns:
        The definition.

    Raises:
        DataError: The version carries none, or one that was written in another way; the code has
            changed since, or late meant something else.
    """
    try:
        definition = FeatureDefinition.model_validate(carried)
    except ValidationError:
        raise DataError(
            f"Version {number} does not say what its features mean, as versions do that "
            f"`kedro run` registers now. {TRAIN_ANEW}"
        ) from None
    if definition.code_sha256 != digest_feature_code():
        raise DataError(
            f"The code that makes features has changed since version {number} was trained, so it "
            f"would be asked in a language that it has not learnt. {TRAIN_ANEW}"
        )
    if definition.target.headline_minutes != target.headline_minutes:
        raise DataError(
            f"To version {number} late means {definition.target.headline_minutes} minutes or more, "
            "and the first of the parameter target.late_thresholds_minutes is "
            f"{target.headline_minutes}. {TRAIN_ANEW}"
        )
    return definition


def make_features_by(
    definition: FeatureDefinition,
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    questions: pd.DataFrame,
) -> tuple[pd.DataFrame, dict[Group, list[str]]]:
    """Make the features of questions as a definition says, whatever conf says today.

    Args:
        definition: What the features mean.
        flights: Facts of all flights (`PrmFlights`), those that are asked about among them.
        weather: Hourly reports (`IntWeather`).
        questions: `flight_id` and `prediction_time`, one row per question.

    Returns:
        One row of features per question, on their index; and the columns by group.
    """
    parameters, late = definition.feature_engineering, definition.target.headline_minutes
    facts = FlightEvents(flights, Rules(late, **parameters.events.model_dump()))
    timetable = flights[SCHEDULE].set_index("flight_id", drop=False)
    schedule = timetable.loc[questions["flight_id"]].set_axis(questions.index)
    asked = Asked(schedule.assign(prediction_time=questions["prediction_time"]))
    return make_features([facts], asked, weather, parameters)


def adapt_features(
    table: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    made_by: dict[str, Any],
    wanted: FeatureDefinition,
    flights: pd.DataFrame,
    weather: pd.DataFrame,
) -> tuple[pd.DataFrame, dict[Group, list[str]]]:
    """Give a table the features of a definition; they are made anew where it has others.

    Args:
        table: Questions with features and outcome.
        feature_groups: The columns of the features by group.
        made_by: What these features mean (`FeatureDefinition`, as JSON).
        wanted: What they are to mean.
        flights: Facts of all flights (`PrmFlights`).
        weather: Hourly reports (`IntWeather`).

    Returns:
        The same questions with the features that are wanted; and their columns by group.
    """
    if wanted.agrees_with(FeatureDefinition.model_validate(made_by)):
        return table, feature_groups
    features, groups = make_features_by(wanted, flights, weather, table)
    others = [column for columns in feature_groups.values() for column in columns]
    return pd.concat([table.drop(columns=others), features], axis=1), groups


@cache
def digest_feature_code() -> str:
    """Digest the code in features/: SHA-256 of what it does, not of what it says about itself.

    Comments, docstrings and blank lines do not count, so that a better word makes no version
    unusable.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for file in sorted(files("flight_delays.features").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            digest.update(f"{file.name}\n{strip_words(file.read_text('utf-8'))}".encode())
    return digest.hexdigest()


def strip_words(source: str) -> str:
    """Strip comments, docstrings and blank lines from Python code."""
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() if ast.get_docstring(node):
                words = node.body[0]
                lines[words.lineno - 1 : words.end_lineno] = [""] * (
                    (words.end_lineno or words.lineno) - words.lineno + 1
                )
    return "".join(f"{line.rstrip()}\n" for line in lines if line.strip())
