"""What the registry is told: who used which version when, and why."""

import pandas as pd

from flight_delays.monitoring.backtest.history import list_metrics, list_versions

POLICIES = pd.DataFrame(
    [
        # policy, month, trained, candidate, outcome, fitted to
        ("never", "2013-04", True, "2013-02", "promoted", "2013-02"),
        ("never", "2013-05", False, "2013-03", "kept", "2013-02"),
        ("rule", "2013-04", True, "2013-02", "promoted", "2013-02"),
        ("rule", "2013-05", True, "2013-03", "refused", "2013-02"),
        ("monthly", "2013-04", True, "2013-02", "promoted", "2013-02"),
        ("monthly", "2013-05", True, "2013-03", "promoted", "2013-03"),
    ],
    columns=["policy", "month", "trained", "candidate_to", "outcome", "fitted_to"],
).assign(
    candidate_from="2013-01",
    fitted_from="2013-01",
    reason="so it is",
    log_loss=[0.4, 0.5, 0.4, 0.5, 0.4, 0.45],
    cost_per_flight=0.5,
)


def test_a_version_tells_who_used_it_and_what_was_decided() -> None:
    first, second = list_versions(POLICIES)
    assert first.tags == {
        "fitted_from": "2013-01-01",
        "fitted_to": "2013-02-28",
        "never": "2013-04 2013-05",
        "rule": "2013-04 2013-05",
        "monthly": "2013-04",
        "never_decision": "2013-04 promoted: so it is",
        "rule_decision": "2013-04 promoted: so it is",
        "monthly_decision": "2013-04 promoted: so it is",
    }
    assert first.aliases == ["never", "rule"]
    assert "- rule: in use 2013-04, 2013-05" in first.description.splitlines()
    assert second.tags["fitted_to"] == "2013-03-31"
    assert second.tags["rule_decision"] == "2013-05 refused: so it is"
    assert "rule" not in second.tags
    assert second.aliases == ["monthly"]


def test_metrics_have_the_month_as_their_step() -> None:
    metrics = list_metrics(POLICIES)
    assert metrics["monthly.log_loss"] == [
        {"value": 0.4, "step": 201304},
        {"value": 0.45, "step": 201305},
    ]
    assert {*metrics} == {
        f"{policy}.{metric}"
        for policy in ("never", "rule", "monthly")
        for metric in ("log_loss", "cost_per_flight")
    }
