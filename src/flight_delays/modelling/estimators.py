"""The estimators of one threshold: gradient boosting, logistic regression, the base rate."""

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from flight_delays.parameters import Group, TrainingParameters

# HistGradientBoosting bins a category into one of 255 values.
MAX_CATEGORIES = 255


def list_columns(feature_groups: dict[Group, list[str]], groups: list[Group]) -> list[str]:
    """List the features of some groups, group by group."""
    return [column for group in groups for column in feature_groups[group]]


def make_gradient_boosting(features: pd.DataFrame, parameters: TrainingParameters) -> Pipeline:
    """Make an unfitted gradient boosting that takes text columns as categories.

    A category that was not there in training counts as missing; in a column of more than 255, the
    rarest are taken together.

    Args:
        features: A frame with the features' types.
        parameters: Hyperparameters and seed.

    Returns:
        The steps "encode" and "classify".
    """
    categories, numbers = _split_by_type(features)
    encoder = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
        max_categories=MAX_CATEGORIES,
    )
    encode = ColumnTransformer(
        [("categories", encoder, categories), ("numbers", "passthrough", numbers)],
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")
    classify = HistGradientBoostingClassifier(
        learning_rate=parameters.classifier.learning_rate,
        max_iter=parameters.classifier.max_iter,
        max_leaf_nodes=parameters.classifier.max_leaf_nodes,
        min_samples_leaf=parameters.classifier.min_samples_leaf,
        l2_regularization=parameters.classifier.l2_regularization,
        max_features=parameters.classifier.max_features,
        n_iter_no_change=parameters.classifier.n_iter_no_change,
        random_state=parameters.random_state,
        categorical_features=categories,
        early_stopping=True,
    )
    return Pipeline([("encode", encode), ("classify", classify)])


def fit_gradient_boosting(
    train: pd.DataFrame,
    validation: pd.DataFrame,
    columns: list[str],
    parameters: TrainingParameters,
) -> Pipeline:
    """Fit until the validation log loss stops falling, then again on both with as many trees.

    Args:
        train: Flights to learn from, with `is_late`.
        validation: Later flights that stop the learning.
        columns: The features to use.
        parameters: Hyperparameters, seed, and whether to fit again.

    Returns:
        The fitted pipeline; it takes any frame that has `columns`.
    """
    model = fit_until_best(train, validation, columns, parameters)
    if not parameters.refit:
        return model
    both = pd.concat([train, validation], ignore_index=True)
    return fit_trees(both, columns, parameters, find_best_trees(model))


def fit_until_best(
    train: pd.DataFrame,
    validation: pd.DataFrame,
    columns: list[str],
    parameters: TrainingParameters,
) -> Pipeline:
    """Fit until the validation log loss has not fallen for `n_iter_no_change` trees.

    Args:
        train: Flights to learn from, with `is_late`.
        validation: Later flights that stop the learning.
        columns: The features to use.
        parameters: Hyperparameters and seed.

    Returns:
        The fitted pipeline, with the trees after the best one too.
    """
    model = make_gradient_boosting(train[columns], parameters)
    encode, classify = model
    classify.fit(
        encode.fit_transform(train[columns]),
        train["is_late"],
        X_val=encode.transform(validation[columns]),
        y_val=validation["is_late"],
    )
    return model


def find_best_trees(model: Pipeline) -> int:
    """Find with how many trees, at least one, a model of `fit_until_best` had the lowest loss."""
    return max(1, int(np.argmax(model["classify"].validation_score_)))


def fit_trees(
    flights: pd.DataFrame, columns: list[str], parameters: TrainingParameters, trees: int
) -> Pipeline:
    """Fit a given number of trees.

    Args:
        flights: Flights to learn from, with `is_late`.
        columns: The features to use.
        parameters: Hyperparameters and seed.
        trees: How many.

    Returns:
        The fitted pipeline; it takes any frame that has `columns`.
    """
    model = make_gradient_boosting(flights[columns], parameters)
    model["classify"].set_params(early_stopping=False, max_iter=trees)
    return model.fit(flights[columns], flights["is_late"])


def fit_base_rate(flights: pd.DataFrame, columns: list[str]) -> Pipeline:
    """Fit what gives every flight the share of those that were late.

    Args:
        flights: Flights to learn from, with `is_late`.
        columns: Features, of which it looks at none.

    Returns:
        The fitted pipeline; it takes any frame.
    """
    base_rate = Pipeline([("classify", DummyClassifier())])
    return base_rate.fit(flights[columns], flights["is_late"])


def fit_logistic_regression(flights: pd.DataFrame, columns: list[str]) -> Pipeline:
    """Fit a logistic regression.

    Args:
        flights: Flights to learn from, with `is_late`.
        columns: The features to use.

    Returns:
        The fitted pipeline; it takes any frame that has `columns`.
    """
    categories, numbers = _split_by_type(flights[columns])
    encode = ColumnTransformer(
        [
            ("categories", OneHotEncoder(handle_unknown="ignore"), categories),
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers),
        ]
    )
    model = Pipeline([("encode", encode), ("classify", LogisticRegression(max_iter=1000))])
    return model.fit(flights[columns], flights["is_late"])


def _split_by_type(features: pd.DataFrame) -> tuple[list[str], list[str]]:
    """List the columns of text and those of numbers; from one without a value nothing is learnt."""
    known = features.dropna(axis="columns", how="all")
    numbers = known.select_dtypes("number").columns
    return list(known.columns.difference(numbers, sort=False)), list(numbers)
