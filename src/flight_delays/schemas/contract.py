"""What the contracts share: errors name the first rows by their key, not only the values."""

from functools import reduce
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors


class Table(pa.DataFrameModel):
    """A table whose rows have a key: `Config.unique`, or the column that is unique."""

    @classmethod
    def validate(cls, check_obj: pd.DataFrame, *args: Any, **options: Any) -> Any:
        """Hold a table against the contract.

        Args:
            check_obj: The table.
            *args: As Pandera takes them.
            **options: As Pandera takes them.

        Returns:
            The table with the types of the contract.

        Raises:
            SchemaErrors: With `lazy`, all that is wrong; `failure_cases` name the rows.
        """
        try:
            return cls.get_contract().validate(check_obj, *args, **options)
        except SchemaErrors as error:
            error.failure_cases = cls._name_failures(error.failure_cases, check_obj)
            raise

    @classmethod
    def get_contract(cls) -> pa.DataFrameSchema:
        """Get the schema that tables are held against."""
        return cls.to_schema()

    @classmethod
    def name_rows(cls, table: pd.DataFrame) -> pd.Series:
        """Name rows by their key, as one would look them up.

        Args:
            table: Rows, perhaps without some columns or with wrong values in them.

        Returns:
            A text for each row, on its index.
        """
        schema = cls.to_schema()
        unique = [name for name, column in schema.columns.items() if column.unique]
        key = ["flight_id"] if "flight_id" in schema.columns else schema.unique or unique
        return join_texts(table, [name for name in key if name in table], " ")

    @classmethod
    def _name_failures(cls, failures: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
        """Put the key before each value; tell a row that breaks a rule of rows once.

        Pandera tells such a row once for every column.
        """
        is_named = failures["index"].isin(table.index)
        named, others = failures[is_named], failures[~is_named]
        if named.empty:
            return failures
        rows = table[table.index.isin(named["index"])]
        keys = cls.name_rows(rows[~rows.index.duplicated()]).astype(object)
        key = named["index"].map(keys)
        value = named["failure_case"].astype(object).where(named["failure_case"].notna(), "missing")
        of_rows = named["schema_context"] == "DataFrameSchema"
        named = named.assign(
            column=named["column"].where(~of_rows, cls.__name__),
            failure_case=(key + ": " + value.map(str)).where(~of_rows, key),
        )
        return pd.concat([named.drop_duplicates(["column", "check", "index"]), others])


class RoughTable(Table):
    """A delivered table: what identifies a row, schedules it or decides lateness must be right.

    Those columns are `Series[...]`. The others are `Series[...] | None`: the column may be missing,
    and a value in it that breaks its checks is no reason to refuse the table: `drop_implausible`
    sets it to missing. In a column with `ZERO_IS_MISSING` a zero stands for a missing value.
    """

    @classmethod
    def get_contract(cls) -> pa.DataFrameSchema:
        """Get the schema of the columns that must be right."""
        schema = cls.to_schema()
        return schema.remove_columns(list(cls.list_rough_columns()))

    @classmethod
    def list_rough_columns(cls) -> dict[str, pa.Column]:
        """List the columns that may be missing, with their types and checks."""
        columns = cls.to_schema().columns.items()
        return {name: column for name, column in columns if not column.required}

    @classmethod
    def get_range(cls, column: str) -> tuple[float, float]:
        """Get the lowest and the highest value that is believed in a column with such a range."""
        checks = cls.to_schema().columns[column].checks
        [limits] = [check.statistics for check in checks if check.name == "in_range"]
        return limits["min_value"], limits["max_value"]

    @classmethod
    def get_table_name(cls) -> str:
        """Get the name of the table: that of its file."""
        return cls.__name__.removeprefix("Raw").lower()


ZERO_IS_MISSING = {"zero_is_missing": True}


def join_texts(table: pd.DataFrame, columns: list[str], separator: str) -> pd.Series:
    """Join columns to one text a row, `?` where a value is missing."""
    if not columns:
        return pd.Series("?", index=table.index)
    first, *others = (table[name].astype("str").fillna("?") for name in columns)
    joined: pd.Series = reduce(lambda text, other: text + separator + other, others, first)
    return joined
