"""The wiring of data_collection: package, delivery -> 01_raw."""

from kedro.pipeline import Node, Pipeline

from .nodes import accept_delivery, collect_table, cut_flights_by_month

PARAMETERS = "params:data_collection"


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the data_collection pipeline."""
    return Pipeline(
        [
            Node(
                cut_flights_by_month,
                ["delivered_flights", PARAMETERS],
                "raw_flights",
                name="cut_flights_by_month",
            ),
            *(
                Node(
                    collect_table,
                    [f"delivered_{table}", PARAMETERS],
                    f"raw_{table}",
                    name=f"collect_{table}",
                )
                for table in ("weather", "planes", "airports", "airlines")
            ),
            # After the tables of the package, because it takes their airports.
            Node(
                accept_delivery,
                [
                    "delivery",
                    "kept_tables",
                    "raw_airports",
                    PARAMETERS,
                    "params:data_processing",
                ],
                "raw_deliveries",
                name="accept_delivery",
            ),
        ]
    )
