"""Tables as people have them: delimiters, encodings, types, and whatever can be wrong with them."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdstudio.core.errors import InputError
from gdstudio.core.tables import file_bytes as file_bytes_module
from gdstudio.core.tables import limits
from gdstudio.core.tables.column import ColumnKind
from gdstudio.core.tables.delimited import Delimited
from gdstudio.core.tables.file_bytes import file_bytes
from gdstudio.core.tables.options import AS_FOUND, Options
from gdstudio.core.tables.reading import read_table, read_text
from tests.core.workbooks import archive, workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gdstudio.core.tables.table import Table


def numbers(table: Table) -> dict[str, list[float]]:
    return {column.name: column.numbers.tolist() for column in table.columns}


def kinds(table: Table) -> list[str]:
    return [str(column.kind) for column in table.columns]


AB = {"a": [1.5, 3.0], "b": [2.0, 4.0]}


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1.5,2\n3,4\n", ","),
        ("a;b\n1.5;2\n3;4\n", ";"),
        ("a\tb\n1.5\t2\n3\t4\n", "\t"),
        ("a|b\n1.5|2\n3|4\n", "|"),
        ("a b\n1.5 2\n3 4\n", " "),
        ('"a","b"\r\n"1.5","2"\r\n"3","4"', ","),
        ("a,b\r1.5,2\r3,4\r", ","),
        ("\n\n# from somewhere\n# in 1973\n\na,b\n1.5,2\n\n3,4\n\n", ","),
        ("a , b\n1.5 , 2\n 3, 4\n", ","),
        ("a,b,\n1.5,2,\n3,4,\n", ","),
    ],
)
def test_that_the_delimiter_is_found(text: str, delimiter: str) -> None:
    table = read_text(text)
    assert numbers(table) == AB
    assert table.understood.options.delimiter == delimiter
    assert table.understood.options.header is True


@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_that_the_encoding_is_found(encoding: str, mark: bytes, said: str) -> None:
    text = (
        "Länge;Größe\n1,5;2\n3;4\n" if not encoding.startswith("utf-16-le") or mark else "a;b\n1,5;2\n3;4\n"
    )
    table = read_table(mark + text.encode(encoding))
    assert list(numbers(table).values()) == list(AB.values())
    assert table.understood.options.encoding == said
    assert table.names[0] in ("Länge", "a")


@pytest.mark.parametrize(
    ("cells", "decimal"),
    [
        ("1,5;2,25", ","),
        ("1.234,5;1", ","),
        ("0,125;1", ","),
        ("1.5;2", "."),
        ("1,234.5;2", "."),
        ("1,234,567;2", "."),
        ("1,234;2.5", "."),
        ("1,234;2,5", ","),
        ("1;2", None),
        ("1.234;5", None),
    ],
)
def test_that_the_decimal_sign_is_proved_by_the_cells(cells: str, decimal: str | None) -> None:
    assert read_text(f"a;b\n{cells}\n").understood.options.decimal == decimal


def test_that_a_number_which_can_be_read_in_two_ways_is_asked_and_never_guessed() -> None:
    text = "a;b\n1,234;1\n2,345;2\n"
    with pytest.raises(InputError, match=r"decimal: '1,234' may be 1234 or 1\.234, .* say it: decimal"):
        read_text(text)
    assert numbers(read_text(text, Options(decimal=",")))["a"] == [1.234, 2.345]
    assert numbers(read_text(text, Options(decimal=".")))["a"] == [1234.0, 2345.0]
    with pytest.raises(InputError, match=r"'1,5' has a decimal comma and '2\.5' a decimal point"):
        read_text("a;b\n1,5;2.5\n")


def test_that_a_comma_beyond_the_rows_that_are_tested_is_no_number_rather_than_a_guess() -> None:
    table = read_text("a;b\n" + "1;2\n" * 2500 + "1,234;2\n")
    assert table.columns[0].wrong == 1
    assert table.notes == ("'a' has 1 cell without a number, such as '1,234' in line 2,502.",)


def test_that_columns_have_types() -> None:
    text = "n;yes;day;name;none\n1;yes;2020-01-02;x 1;\n2;no;3.4.2020;x 2;NA\nNA;yes;2020/05/06;;?\n"
    table = read_text(text + "".join(f"{i};no;1.1.2020;x {i};-\n" for i in range(3, 140)))
    assert kinds(table) == ["numbers", "classes", "dates", "text", "nothing"]
    assert table.columns[1].texts == ("yes", "no")
    assert table.columns[1].codes[:4].tolist() == [0, 1, 0, 1]
    assert [column.missing for column in table.columns] == [1, 0, 0, 1, 140]


def test_that_infinities_and_nan_are_no_numbers() -> None:
    table = read_text("a,b\n1,nan\ninf,2\n1e999,-Infinity\n3,NaN\n4,5\n")
    assert np.isnan(table.columns[0].numbers).tolist() == [False, True, True, False, False]
    assert (table.columns[0].wrong, table.columns[1].missing, table.columns[1].wrong) == (2, 2, 1)
    assert "'inf' in line 3" in table.notes[0]


@pytest.mark.parametrize(
    "cell", ["1_000", "١٢", "0x10", "1 000", "5 %", "€5", "=A1+B1", "1e", "--1", "1.2.3"]
)
def test_that_a_cell_is_a_number_only_as_people_write_one(cell: str) -> None:
    table = read_text(f"a;b\n{cell};1\n2;3\n4;5\n")
    assert table.columns[0].wrong == 1
    assert f"'{cell}' in line 2" in table.notes[0]


@pytest.mark.parametrize("cell", ["1", "-1.5", "+2", ".5", "5.", "1e3", "1E-3", "\u22121.5", " 7 "])
def test_that_numbers_are_read_as_python_reads_them(cell: str) -> None:
    read = numbers(read_text(f"a;b\n{cell};1\n2.5;3\n"))["a"]
    assert read == [float(cell.replace("\u2212", "-")), 2.5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no rows"),
        ("\n \n", "has no rows"),
        ("# a comment\n", "has no rows"),
        ("a,b\n", "names of columns and no rows below"),
        ("a\0b", "no table of text"),
        ("a;b\n1,2\n3,4\n", "line 2: has 2 cells, and the table has 1 column"),
        ("a,b,c\n1,2,3\n1;2;3\n4;5;6\n7;8;9\n", "line 3: has 3 cells, .* 1 column; .* two delimiters"),
        ("a,b\n1,2,3\n", "line 2: has 3 cells, and the table has 2 columns"),
        ('a,b\n1,"2\n' + "3,4\n" * 5, "quote that never ends"),
        (",".join(map(str, range(10_000))) + "\n", "10,000 columns, and a table here may have 1,000"),
        ("1\n" * (limits.MAX_ROWS * 5), "1,000,000 rows, and a table here may have 200,000"),
    ],
)
def test_that_what_is_no_table_is_told_in_words(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_text(text)


def test_that_one_column_one_row_and_equal_rows_are_tables() -> None:
    assert numbers(read_text("x\n1\n2\n")) == {"x": [1.0, 2.0]}
    assert numbers(read_text("1\n2\n")) == {"x": [1.0, 2.0]}
    assert numbers(read_text("a,b\n1,2\n")) == {"a": [1.0], "b": [2.0]}
    assert numbers(read_text("1,2\n3,4\n")) == {"column 1": [1.0, 3.0], "column 2": [2.0, 4.0]}
    assert numbers(read_text("a,a,\n1,2,3\n")) == {"a": [1.0], "a 2": [2.0], "column 3": [3.0]}
    assert numbers(read_text("a,b\n7,7\n7,7\n")) == {"a": [7.0, 7.0], "b": [7.0, 7.0]}


def test_that_short_rows_are_filled_and_counted() -> None:
    table = read_text("a,b\n1,2\n3\n4,5\n")
    assert np.isnan(table.columns[1].numbers).tolist() == [False, True, False]
    assert "1 row had fewer cells" in table.notes[0]


def test_that_the_user_has_the_last_word() -> None:
    assert numbers(read_text("1,2\n3,4\n", Options(header=True))) == {"1": [3.0], "2": [4.0]}
    assert numbers(read_text("1,5\n2,5\n", Options(delimiter=";"))) == {"x": [1.5, 2.5]}
    with pytest.raises(InputError, match="is not UTF-8; choose another encoding"):
        read_table("ä;b\n1;2\n".encode("cp1252"), Options(encoding="utf-8"))
    with pytest.raises(InputError, match="'klingon' is not known"):
        read_table(b"a,b\n1,2\n", Options(encoding="klingon"))
    with pytest.raises(InputError, match="give one character"):
        read_text("a,b\n1,2\n", Options(delimiter="ab"))


def test_that_many_columns_are_refused_at_the_first_row(monkeypatch: pytest.MonkeyPatch) -> None:
    row = ",".join(["1"] * 10_000)
    read: list[int] = []
    rows = Delimited.rows

    def counted(self: Delimited) -> Iterator[tuple[int, list[str]]]:
        for line, cells in rows(self):
            read.append(line)
            yield line, cells

    monkeypatch.setattr(Delimited, "rows", counted)
    with pytest.raises(InputError, match="10,000 columns"):
        read_text("\n".join([row] * 50), Options(delimiter=","))
    assert read == [1]


def test_that_a_file_is_bounded_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sparse = tmp_path / "huge.csv"
    with sparse.open("wb") as file:
        file.truncate(5_000_000_000)
    monkeypatch.setattr(type(sparse), "open", None)  # it is not even opened
    with pytest.raises(InputError, match=r"has 5 GB, and a table here may have 67\.1 MB"):
        file_bytes(sparse)


def test_that_what_is_no_file_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        file_bytes(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        file_bytes(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot be read"):
        file_bytes(tmp_path / ("long" * 100))
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(InputError, match="is empty"):
        file_bytes(tmp_path / "empty.csv")


def test_that_a_file_that_grows_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(b"1,2\n" * 100)
    monkeypatch.setattr(file_bytes_module, "_PART", 16)
    monkeypatch.setattr(file_bytes_module, "MAX_BYTES", 64)
    monkeypatch.setattr(file_bytes_module, "_check", lambda *_: None)
    with pytest.raises(InputError, match="grows while it is read"):
        file_bytes(tmp_path / "a.csv")


def test_that_a_sheet_is_read_with_its_types() -> None:
    data = workbook(
        {
            "Notes": [],
            "Data": [["x", "y", "passed"], [1.5, 2.0, "yes"], [3.0, None, "no"]],
            "More": [[1.0, 2.0], [3.0, 4.0]],
        }
    )
    table = read_table(data)
    assert (table.names, kinds(table)) == (("x", "y", "passed"), ["numbers", "numbers", "classes"])
    assert table.columns[0].numbers.tolist() == [1.5, 3.0]
    assert table.columns[1].missing == 1
    assert table.understood.sheets == ("Notes", "Data", "More")
    assert numbers(read_table(data, Options(sheet="More"))) == {
        "column 1": [1.0, 3.0],
        "column 2": [2.0, 4.0],
    }
    with pytest.raises(InputError, match=r"none named 'Other'; give one of: Notes, Data, More"):
        read_table(data, Options(sheet="Other"))
    with pytest.raises(InputError, match="'Notes' has no cells"):
        read_table(data, Options(sheet="Notes"))


def test_that_formulas_are_their_results_or_are_said_to_have_none() -> None:
    cells: list[list[str | float | None]] = [
        ["x", "y"],
        [1.0, "<f>A2*2</f><v>2</v>"],
        [2.0, "<f>A3*2</f>"],
        [3.0, "<f>A4/0</f><v>#DIV/0!</v>"],
    ]
    table = read_table(workbook({"S": cells}))
    assert table.columns[1].numbers[0] == 2.0
    assert np.isnan(table.columns[1].numbers[1:]).all()
    assert any("formulas" in note for note in table.notes)


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (workbook({"S": [[1.0]]})[:200], "broken Excel file"),
        (b"PK\x03\x04" + bytes(100), "broken Excel file"),
        (LOCKED, "(broken Excel file|password)"),
        (archive({"a.txt": "hello"}), "no Excel file"),
        (workbook({"S": []}), "No sheet of it has cells"),
    ],
)
def test_that_a_broken_workbook_is_told_in_words(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_table(data)


def test_that_a_workbook_is_bounded_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = '<c r="XFD1048576"><v>1</v></c>'
    files = {"xl/workbook.xml": "", "xl/worksheets/sheet1.xml": f"<sheetData><row>{sheet}</row></sheetData>"}
    with pytest.raises(InputError, match="16,384 columns"):
        read_table(archive(files))
    bomb = {"xl/workbook.xml": "", "xl/worksheets/sheet1.xml": "0" * 3_000_000}
    monkeypatch.setattr("gdstudio.core.tables.excel.MAX_UNPACKED", 2_000_000)
    tracemalloc.start()
    with pytest.raises(InputError, match="unpacks to 3 MB"):
        read_table(archive(bomb))
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()


def test_that_a_locked_workbook_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise ValueError("Workbook is password protected")

    monkeypatch.setattr("python_calamine.load_workbook", refuse)
    with pytest.raises(InputError, match="has a password; save a copy without one"):
        read_table(LOCKED)


def test_that_reading_can_be_given_up() -> None:
    asked = []

    class GivenUpError(Exception):
        pass

    def keep_going() -> None:
        asked.append(1)
        if len(asked) > 2:
            raise GivenUpError

    with pytest.raises(GivenUpError):
        read_text("a,b\n" + "1,2\n" * 20_000, AS_FOUND, keep_going)
    assert len(asked) == 3


def read_or_refused(data: bytes) -> Table | None:
    try:
        return read_table(data)
    except InputError as error:
        return None if all(len(line) > 10 for line in error.problems) else pytest.fail(str(error))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_that_any_bytes_are_a_table_or_refused_in_words(data: bytes) -> None:
    read_or_refused(data)


_CELLS = st.one_of(
    st.floats(allow_nan=True).map(str),
    st.text(max_size=6),
    st.sampled_from(["", "NA", "1,234", "1.5", '"', "yes"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(_CELLS, min_size=1, max_size=4), min_size=1, max_size=8), st.sampled_from(",;\t| "))
def test_that_any_cells_are_a_table_or_refused_in_words(rows: list[list[str]], delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in rows)
    table = read_or_refused(text.encode("utf-8", "replace"))
    if table is not None:
        assert all(len(column.numbers) == table.rows == len(column.codes) for column in table.columns)
        assert all(
            np.isfinite(column.numbers).any() for column in table.columns if column.kind is ColumnKind.NUMBERS
        )


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=40), st.integers(0, 2000))
def test_that_a_damaged_workbook_is_a_table_or_refused_in_words(damage: bytes, at: int) -> None:
    data = workbook({"S": [["x", "y"], [1.0, 2.0]]})
    read_or_refused(data[:at] + damage + data[at + len(damage) :])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**9), 10**9)),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from([(",", "."), (";", "."), (";", ","), ("\t", ",")]),
)
def test_that_written_numbers_come_back_to_the_last_bit(
    rows: list[tuple[float, int]], way: tuple[str, str]
) -> None:
    delimiter, decimal = way
    lines = [f"{x!r}{delimiter}{k}".replace(".", decimal) for x, k in rows]
    options = Options(delimiter=delimiter, decimal="," if decimal == "," else ".")
    table = read_text("\n".join(["a" + delimiter + "b", *lines]), options)
    assert [column.numbers.tolist() for column in table.columns] == [
        [x for x, _ in rows],
        [float(k) for _, k in rows],
    ]
