"""The same population as Meed reads populations: one row an enterprise, its hires in a list, columns named as in `package/vocabulary.md`.

    nested.py FOLDER    reads FOLDER/enterprises.parquet and FOLDER/hires.parquet, writes FOLDER/nested.parquet

Whole numbers of money say in their column's metadata that they count fen. Shares are exact decimals. Nobody has had an award before.
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROWS = 100_000  # enterprises in a row group, as in the two files

# What the vocabulary calls a column of the two files.
MONEY = {
    "revenue_last": "revenue_2024",
    "revenue_prev": "revenue_2023",
    "revenue_prev2": "revenue_2022",
    "rd_expense_last": "rd_expense_2024",
    "rd_expense_prev": "rd_expense_2023",
    "main_business_revenue_last": "main_business_revenue_2024",
    "assets": "assets",
    "liabilities": "liabilities",
    "equity_financing_2y": "equity_financing_2y",
}
SHARES = {"market_share": "market_share", "rd_staff_ratio": "rd_staff_share"}
OTHERS = {
    "enterprise_id": "id",
    "years_in_niche": "years_in_niche",
    "class1_ip": "class1_ip",
    "has_rd_institution": "has_rd_institution",
    "own_brand": "own_brand",
    "info_system": "info_system",
    "listed": "listed",
    "high_tech": "high_tech",
    "tech_centre_level": "tech_centre",
    "tech_centre_newly_recognised": "tech_centre_newly",
    "innovation_centre_level": "innovation_centre",
    "innovation_centre_newly": "innovation_centre_newly",
    "design_centre_municipal_newly": "design_centre_newly",
}
HIRE = {"annual_salary": "annual_salary", "full_time": "full_time", "social_insurance": "social_insurance", "role": "role", "hire_date": "hired"}
NAMES = OTHERS | MONEY | SHARES

FEN = {"meed.unit": "minor"}
AWARD = pa.struct([("measure", pa.string())])


def field(name, array, of=None):
    return pa.field(name, array.type, metadata=FEN if of in MONEY or of == "annual_salary" else None)


def structs(hires):
    fields = [field(name, hires[column], column) for column, name in HIRE.items()]
    return pa.StructArray.from_arrays([hires[column].combine_chunks() for column in HIRE], fields=fields)


def exact(shares):
    return pc.cast(pc.round(shares, 4), pa.decimal128(5, 4))


def rows(enterprises, hires):
    """The table of some enterprises and their hires, both in the order of their numbers."""
    ids = enterprises["enterprise_id"].to_numpy()
    ends = np.searchsorted(hires["enterprise_id"].to_numpy(), ids, side="right")
    offsets = pa.array(np.concatenate([[0], ends]).astype(np.int32))
    arrays = {name: enterprises[column].combine_chunks() for column, name in (OTHERS | MONEY).items()}
    arrays |= {name: exact(enterprises[column]).combine_chunks() for column, name in SHARES.items()}
    fields = [field(name, arrays[name], column) for column, name in NAMES.items()]
    items = structs(hires)
    hired = pa.ListArray.from_arrays(offsets, items, type=pa.list_(pa.field("element", items.type)))
    awards = pa.ListArray.from_arrays(pa.array(np.zeros(len(ids) + 1, np.int32)), pa.array([], AWARD))
    fields += [pa.field("hires", hired.type), pa.field("awards", awards.type)]
    return pa.Table.from_arrays([arrays[name] for name in NAMES.values()] + [hired, awards], schema=pa.schema(fields))


def write(folder):
    enterprises = pq.ParquetFile(folder / "enterprises.parquet")
    hires = pq.read_table(folder / "hires.parquet")
    employer = hires["enterprise_id"].to_numpy()
    writer = None
    for batch in enterprises.iter_batches(ROWS):
        firms = pa.Table.from_batches([batch])
        first, last = firms["enterprise_id"][0].as_py(), firms["enterprise_id"][-1].as_py()
        start, end = np.searchsorted(employer, [first, last + 1])
        table = rows(firms, hires.slice(start, end - start).unify_dictionaries())
        writer = writer or pq.ParquetWriter(folder / "nested.parquet", table.schema, store_decimal_as_integer=True)
        writer.write_table(table)
    writer.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
