"""The cheapest trial within one standard error of the best, on tables worked out on paper."""

import numpy as np
import pandas as pd
import pytest

from flight_delays.modelling.one_standard_error import (
    apply_one_standard_error_rule,
    describe_choice,
)

BEST = [0.1, 0.2, 0.6]  # its mean is 0.3
# Differences of -0.01, 0 and 0.04: a mean of 0.01, a standard deviation of sqrt(0.0014 / 2), and
# a standard error of sqrt(0.0014 / 6) = 0.01528.
WITHIN = [0.09, 0.2, 0.64]
# Each 0.01 more: a mean of 0.02, and the same standard error.
BEYOND = [0.1, 0.21, 0.65]


def apply(*trials: tuple[list[float] | None, float]) -> pd.DataFrame:
    """Apply the rule to trials of three daily losses, or none where pruned, and a cost."""
    daily_losses = {row: losses for row, (losses, _) in enumerate(trials) if losses}
    table = pd.DataFrame(
        {
            "trial": 10 + np.arange(len(trials)),
            "log_loss": pd.Series({row: np.mean(losses) for row, losses in daily_losses.items()}),
            "cost": [cost if losses else np.nan for losses, cost in trials],
        },
        index=range(len(trials)),
    )
    return apply_one_standard_error_rule(table, pd.DataFrame(daily_losses))


def choose(*trials: tuple[list[float] | None, float]) -> int:
    (chosen,) = np.flatnonzero(apply(*trials)["chosen"])
    return int(chosen)


def test_difference_and_standard_error_are_those_of_the_paired_days() -> None:
    compared = apply((BEST, 30), (WITHIN, 10), (BEYOND, 5))
    assert compared["difference"].tolist() == pytest.approx([0, 0.01, 0.02])
    error = (0.0014 / 6) ** 0.5
    assert compared["standard_error"].tolist() == pytest.approx([0, error, error])


def test_a_cheaper_trial_within_a_standard_error_is_chosen() -> None:
    assert choose((BEST, 30), (WITHIN, 10)) == 1
    assert choose((WITHIN, 10), (BEST, 30)) == 0


def test_of_several_the_cheapest_is_chosen_though_another_is_closer() -> None:
    closer = [0.09, 0.2, 0.63]
    assert choose((BEST, 30), (closer, 20), (WITHIN, 10)) == 2


def test_a_cheaper_trial_beyond_a_standard_error_is_not() -> None:
    assert choose((BEST, 30), (BEYOND, 10)) == 0


def test_a_dearer_trial_is_not_chosen() -> None:
    assert choose((BEST, 30), (WITHIN, 40)) == 0


def test_days_that_are_hard_for_all_do_not_excuse_a_trial() -> None:
    # Worse by 0.02, 0.021 and 0.022: a standard error of 0.0006. The best trial's own mean has one
    # of 0.15, because its days differ; by that, the other would be chosen.
    assert choose((BEST, 30), ([0.12, 0.221, 0.622], 10)) == 0


def test_days_that_differ_between_trials_do_excuse_one() -> None:
    # All days of the best trial are alike: by itself it has no standard error, and none is close.
    assert choose(([0.3, 0.3, 0.3], 30), ([0.29, 0.3, 0.34], 10)) == 1


@pytest.mark.parametrize(
    ("trials", "expected"),
    [
        ([(BEST, 30), (BEST, 20), (BEST, 25)], 1),  # no variation: the cheapest
        ([(WITHIN, 20), (BEST, 20)], 1),  # as cheap: the lower loss
        ([(BEST, 30), (BEST, 20), (BEST, 20)], 1),  # as cheap and as good: the earlier
    ],
)
def test_ties_go_to_the_cheaper_then_to_the_lower_loss_then_to_the_earlier(
    trials: list[tuple[list[float] | None, float]], expected: int
) -> None:
    assert choose(*trials) == expected


def test_a_pruned_trial_is_neither_compared_nor_chosen() -> None:
    compared = apply((None, 1), (BEST, 30), (None, 1))
    assert compared["chosen"].tolist() == [False, True, False]
    assert compared["difference"].isna().tolist() == [True, False, True]
    assert compared["standard_error"].isna().tolist() == [True, False, True]


def test_both_the_chosen_and_the_best_are_told() -> None:
    compared = apply((BEST, 30_000), (WITHIN, 9_876))
    assert describe_choice(compared) == (
        "Chosen is trial 11 (log loss 0.31000, cost 9,876); the best is trial 10 "
        "(log loss 0.30000, cost 30,000), lower by 0.01000 with a standard error of 0.01528"
    )
    assert describe_choice(apply((BEST, 30_000))) == (
        "Chosen is the best trial, 10 (log loss 0.30000, cost 30,000)"
    )
