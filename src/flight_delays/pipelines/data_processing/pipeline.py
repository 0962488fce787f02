"""The wiring of data_processing: 01_raw -> 02_intermediate -> 03_primary."""

from kedro.pipeline import Node, Pipeline

from .findings import report_data_quality
from .newest import choose_months, choose_others, list_deliveries
from .nodes import (
    build_flights,
    type_airlines,
    type_airports,
    type_flights,
    type_planes,
    type_weather,
)

TABLES = ("flights", "weather", "planes", "airports", "airlines")
PARAMETERS = "params:data_processing"


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the data_processing pipeline."""
    return Pipeline(
        [
            Node(
                choose_months,
                ["raw_flights", "raw_deliveries"],
                "newest_flights",
                name="choose_whole_months",
            ),
            Node(
                choose_others,
                ["raw_deliveries", *(f"raw_{table}" for table in TABLES[1:])],
                [f"newest_{table}" for table in TABLES[1:]],
                name="choose_each_row",
            ),
            Node(list_deliveries, "raw_deliveries", "int_deliveries", name="list_deliveries"),
            Node(
                type_flights,
                ["newest_flights", "raw_timetable", "int_airports", PARAMETERS],
                ["int_flights", "flights_quality"],
                name="type_flights",
            ),
            Node(
                type_weather,
                ["newest_weather", "int_airports", PARAMETERS],
                ["int_weather", "weather_quality"],
                name="type_weather",
            ),
            *(
                Node(
                    type_table,
                    [f"newest_{table}", PARAMETERS],
                    [f"int_{table}", f"{table}_quality"],
                    name=f"type_{table}",
                )
                for table, type_table in (
                    ("planes", type_planes),
                    ("airports", type_airports),
                    ("airlines", type_airlines),
                )
            ),
            Node(
                report_data_quality,
                [f"{table}_quality" for table in TABLES],
                ["data_quality", "tracked_data_quality"],
                name="report_data_quality",
            ),
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
