"""The one-standard-error rule: of the trials as good as the best, take the cheapest."""

import pandas as pd


def apply_one_standard_error_rule(trials: pd.DataFrame, daily_losses: pd.DataFrame) -> pd.DataFrame:
    """Choose the cheapest trial whose loss is within one standard error of the lowest.

    The rule is that of Breiman, Friedman, Olshen and Stone (1984, Classification and Regression
    Trees, section 3.4.3), with two changes. Cheaper takes the place of simpler. And the standard
    error is that of the paired difference to the best trial, because a day that is hard for one
    trial is hard for all: over days d = 1 ... n with losses x(d) of a trial and b(d) of the best,

        difference = mean of x(d) - b(d)
        standard error = standard deviation of x(d) - b(d), with n - 1, / square root of n

    which is how Diebold and Mariano (1995, Comparing Predictive Accuracy) compare forecasts, with
    days taken as independent. Of equally cheap trials the one of lower loss is chosen, then the
    earlier one.

    Args:
        trials: A row for each trial, with its `log_loss` (missing where it was pruned) and `cost`.
            At least one has a log loss.
        daily_losses: A row for each day, and a column for each trial that was not pruned, named as
            in the index of `trials`.

    Returns:
        The trials with columns `difference` and `standard_error` (missing where pruned) and
        `chosen`, which is true for one trial.
    """
    best = trials["log_loss"].idxmin()
    differences = daily_losses.sub(daily_losses[best], axis="index")
    compared = trials.assign(difference=differences.mean(), standard_error=differences.sem())
    close = compared[compared["difference"] <= compared["standard_error"]]
    chosen = close.sort_values(["cost", "log_loss"]).index[0]
    return compared.assign(chosen=compared.index == chosen)


def describe_choice(trials: pd.DataFrame) -> str:
    """Tell which trial is chosen, and which is the best.

    Args:
        trials: The trials as `apply_one_standard_error_rule` returns them, with the number of
            each, `trial`.

    Returns:
        One line.
    """
    best, chosen = trials.nsmallest(1, "log_loss").iloc[0], trials[trials["chosen"]].iloc[0]
    if chosen["trial"] == best["trial"]:
        return f"Chosen is the best trial, {_describe_trial(best)}"
    return (
        f"Chosen is trial {_describe_trial(chosen)}; the best is trial {_describe_trial(best)}, "
        f"lower by {chosen['difference']:.5f} with a standard error of "
        f"{chosen['standard_error']:.5f}"
    )


def _describe_trial(trial: pd.Series) -> str:
    return f"{trial['trial']} (log loss {trial['log_loss']:.5f}, cost {trial['cost']:,.0f})"
