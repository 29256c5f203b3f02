"""A NULL in a timestamp column stays NULL on its way to the client; fakesnow sends 1970-01-01."""

from __future__ import annotations

from typing import Any

import fakesnow.arrow
import pyarrow  # type: ignore[import-untyped]
import pyarrow.compute  # type: ignore[import-untyped]

_as_struct = fakesnow.arrow.timestamp_to_sf_struct


def keep_null_timestamps() -> None:
    fakesnow.arrow.timestamp_to_sf_struct = _as_struct_with_nulls


def _as_struct_with_nulls(timestamps: Any) -> Any:
    array = timestamps.combine_chunks() if isinstance(timestamps, pyarrow.ChunkedArray) else timestamps
    array = array.cast(pyarrow.timestamp("us", array.type.tz), safe=False)  # fakesnow reckons in microseconds
    struct = _as_struct(array)
    if not array.null_count:
        return struct
    parts = [pyarrow.compute.fill_null(part, 0) for part in struct.flatten()]
    return pyarrow.StructArray.from_arrays(parts, fields=list(struct.type), mask=pyarrow.compute.is_null(array))
