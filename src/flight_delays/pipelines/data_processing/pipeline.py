"""The wiring of data_processing: 01_raw -> 02_intermediate -> 03_primary."""

from kedro.pipeline import Node, Pipeline

from .nodes import (
    build_flights,
    type_airlines,
    type_airports,
    type_flights,
    type_planes,
    type_weather,
)

PARAMETERS = "params:data_processing"


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the data_processing pipeline."""
    return Pipeline(
        [
            Node(type_flights, ["raw_flights", "int_airports"], "int_flights", name="type_flights"),
            Node(type_weather, ["raw_weather", PARAMETERS], "int_weather", name="type_weather"),
            Node(type_planes, "raw_planes", "int_planes", name="type_planes"),
            Node(type_airports, ["raw_airports", PARAMETERS], "int_airports", name="type_airports"),
            Node(type_airlines, "raw_airlines", "int_airlines", name="type_airlines"),
            Node(
                build_flights,
                [
                    "int_flights",
                    "int_airports",
                    "int_airlines",
                    "int_planes",
                    "params:target",
                ],
                "prm_flights",
                name="build_flights",
            ),
        ]
    )
