"""The preview of a table: read in a thread, corrected, chosen from; what is wrong is said in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gdstudio.core.problems.kinds.table import TableSpec
from gdstudio.core.settings.files import read_experiment
from gdstudio.worker.point_edits import PointEdits
from gdstudio.worker.table_reader import TableReader
from tests.core.workbooks import workbook

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from gdstudio.views.window.table.fields import Choice
    from gdstudio.views.window.table.preview import TablePreview
    from tests.views.conftest import WindowOpener

CELLS = "a;b;passed;y\n1,5;2;yes;3\n2,5;1;no;4\n;5;yes;5\n4;4;no;7\n"


@pytest.fixture
def window(open_window: WindowOpener) -> MainWindow:
    return open_window("cost-and-slope")


def opened(window: MainWindow, qtbot: QtBot, path: Path) -> TablePreview:
    window.tables.open_path(str(path))
    return settled(window, qtbot)


def settled(window: MainWindow, qtbot: QtBot) -> TablePreview:
    preview = window.tables.preview
    assert preview is not None
    qtbot.waitUntil(lambda: not preview.reader.is_busy)
    return preview


def write(folder: Path, content: str | bytes, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def pick(field: Choice, value: Any) -> None:
    """Choose a value as a hand does."""
    field.setCurrentIndex(field.findData(value))
    field.activated.emit(field.currentIndex())


def test_that_a_table_is_previewed_and_trained_on(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    preview = opened(window, qtbot, write(tmp_path, CELLS))
    assert preview.isVisible()
    assert preview.cells.rowCount() == 4
    assert preview.cells.headerData(0, Qt.Orientation.Horizontal) == "a\nnumbers, 1 missing\nfeature x"
    assert preview.cells.headerData(3, Qt.Orientation.Horizontal) == "y\nnumbers\nlabel y"
    assert preview.cells.data(preview.cells.index(0, 0)) == "1,5"
    assert preview.reading.decimal.currentText() == "found: comma, 1,5"
    assert "1 row of 4 is left out" in preview.remarks.text()
    QTest.mouseClick(preview.train, Qt.MouseButton.LeftButton)
    assert not preview.isVisible()
    spec = window.session.experiment.problem
    assert isinstance(spec, TableSpec)
    assert (spec.feature_names, spec.label_name, spec.row_count) == (("a", "b"), "y", 3)
    assert window.windowTitle() == "mine – gdstudio"
    assert "1 row of 4 is left out" in window.sidebar._text.text()


def test_that_the_run_begins_below_its_limit_and_converges(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    rows = "".join(f"{1000 + i},{3 * i + i % 3}\n" for i in range(50))
    preview = opened(window, qtbot, write(tmp_path, f"big,y\n{rows}"))
    preview.train.click()
    problem = window.session.run.problem
    assert problem is not None
    curvatures = problem.curvatures()
    assert curvatures is not None
    assert 0.9 < window.session.experiment.run.learning_rate * curvatures[-1] < 1.1


def test_that_what_was_understood_can_be_corrected(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    preview = opened(window, qtbot, write(tmp_path, "a;y\n1,234;1\n2,345;2\n3,456;4\n"))
    assert "'1,234' may be 1234 or 1.234" in preview.error.text()
    assert preview.error.text().endswith("Choose it above.")
    assert not preview.train.isEnabled()
    pick(preview.reading.decimal, ",")
    settled(window, qtbot)
    assert preview.error.isHidden()
    assert preview.spec is not None
    assert preview.spec.selection.X[0, 0] == 1.234
    pick(preview.reading.header, False)
    settled(window, qtbot)
    assert preview.cells.rowCount() == 4


def test_that_label_features_task_scaling_and_split_are_chosen(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    preview = opened(window, qtbot, write(tmp_path, CELLS))
    learning = preview.learning
    pick(learning.label, "a")
    assert preview.spec is not None
    assert ",".join(preview.spec.feature_names) == "b"
    learning.features.item(1).setCheckState(Qt.CheckState.Checked)
    assert ",".join(preview.spec.feature_names) == "b,y"
    learning.features.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert ",".join(preview.spec.feature_names) == "y"
    pick(learning.scaling, "z_score")
    assert "y is scaled: less mean" in preview.remarks.text()
    learning.features.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert not preview.train.isEnabled()
    assert "features" in preview.error.text()
    learning.features.item(0).setCheckState(Qt.CheckState.Checked)
    pick(learning.task, "classes")
    assert learning.label.value == "passed"
    assert preview.spec is not None
    assert "passed: 'yes' counts as 1, 'no' as 0." in preview.remarks.text()
    pick(learning.yes, "no")
    assert "passed: 'no' counts as 1" in preview.remarks.text()
    pick(learning.test_share, 0.25)
    assert "3 rows to train on, 1 row to test on" in preview.remarks.text()
    preview.train.click()
    assert window.session.experiment.view.panels[0] == "data_plot"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("", "a.csv", "is empty"),
        ("a,b\n1,2,3\n", "a.csv", "line 2: has 3 cells"),
        (b"PK\x03\x04broken", "a.xlsx", "broken Excel file"),
        (b"\x00\x01\x02\x00\x03", "a.csv", "no table of text"),
        ("a,b\nx,y\n", "a.csv", "no column of numbers"),
    ],
)
def test_that_what_is_wrong_is_said_inside_and_the_screen_stays(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, content: str | bytes, name: str, words: str
) -> None:
    before = window.session.run
    preview = opened(window, qtbot, write(tmp_path, content, name))
    assert words in preview.error.text()
    assert not preview.train.isEnabled()
    preview.reject()
    assert window.session.run is before


def test_that_the_sheet_of_a_workbook_is_chosen(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    data = workbook(
        {"One": [["x", "y"], [1.0, 2.0], [2.0, 3.0]], "Two": [["u", "v"], [1.0, 2.0], [5.0, 3.0]]}
    )
    preview = opened(window, qtbot, write(tmp_path, data, "mine.xlsx"))
    assert preview.reading.delimiter.isHidden()
    pick(preview.reading.sheet, "Two")
    settled(window, qtbot)
    assert preview.spec is not None
    assert (preview.spec.feature_names, preview.spec.label_name) == (("u",), "v")


def test_that_a_paste_is_kept_in_the_saved_file(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    QApplication.clipboard().setText("x\ty\r\n1\t2\r\n2\t3,5\r\n3\t4\r\n")
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    preview = settled(window, qtbot)
    preview.train.click()
    window.files.save(str(tmp_path / "mine.toml"))
    read = read_experiment(tmp_path / "mine.toml")
    assert read == window.session.experiment
    assert read.build_problem().rows.y.tolist() == [2.0, 3.5, 4.0]


def test_that_an_empty_clipboard_is_said(window: MainWindow, qtbot: QtBot) -> None:
    QApplication.clipboard().setText(" ")
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.tables.preview is None
    assert "no table on the clipboard" in window.banner.text


def test_that_a_table_is_dropped_on_the_window(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(write(tmp_path, CELLS)))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    assert window.tables.eventFilter(window, QDropEvent(QPointF(50, 50), copy, data, left, none))
    assert settled(window, qtbot).spec is not None


def test_that_every_field_has_a_name_and_is_reached_by_tab(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    preview = opened(window, qtbot, write(tmp_path, CELLS))
    fields = [
        w
        for w in preview.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()
    ]
    assert len(fields) >= 9
    named = [w for w in fields if w.accessibleName() or getattr(w, "text", str)()]
    assert {w.objectName() for w in fields} - {w.objectName() for w in named} == set()


def test_that_many_rows_are_shown_in_part_and_drawn_in_part(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    preview = opened(
        window, qtbot, write(tmp_path, "x,y\n" + "".join(f"{i % 97},{i % 89}\n" for i in range(30_000)))
    )
    assert preview.cells.rowCount() == 1000
    assert "30,000 rows of 2 columns, the first 1,000 shown." in preview.source.text()
    preview.train.click()
    panel = window.panels.shown[0]
    assert "of 30,000 rows" in panel.note.text()


def test_that_columns_show_scaling_and_weights_in_their_own_units(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    preview = opened(window, qtbot, write(tmp_path, "a,b,y\n10,1,2\n20,3,5\n30,2,4\n40,8,1\n"))
    pick(preview.learning.scaling, "min_max")
    preview.train.click()
    panel = next(p for p in window.panels.shown if p.kind == "columns")
    table = panel.table  # type: ignore[attr-defined]  # of this kind
    assert [table.item(0, i).text() for i in range(3)] == ["w₁  a", "10", "30"]
    window.session.player.step(1)
    qtbot.waitUntil(lambda: table.item(0, 3).text() != "0")
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    assert table.item(0, 4).text() == f"{snapshot.latest[0] / 30:.6g}".replace("-", "−")
    assert panel.note.text() == "scaled to (x − min) / (max − min)"


def test_that_points_of_a_table_are_clicked_dragged_and_taken_back(open_window: WindowOpener) -> None:
    window = open_window("my-data")
    first = window.session.experiment
    edits = PointEdits(window.session)
    assert edits.click((20.0, 20.0))
    problem = window.session.run.problem
    assert problem is not None
    assert (problem.rows.X[-1, 0], problem.rows.y[-1]) == (20.0, 20.0)
    edits.take()
    assert edits.drag(0, (3.0, 1.0))
    edits.put_back()
    edits.let_go()
    assert window.session.experiment.problem.row_count == 12
    assert window.session.undo.undo()
    assert window.session.experiment == first


def test_that_a_reading_can_be_given_up(qtbot: QtBot) -> None:
    from gdstudio.core.tables.options import AS_FOUND

    reader = TableReader()
    brought: list[object] = []
    reader.read.connect(brought.append)
    reader.begin(None, "x,y\n" + "1,2\n" * 100_000, AS_FOUND)
    reader.give_up()
    assert not reader.is_busy
    with qtbot.waitSignal(reader.read, timeout=10_000):
        reader.begin(None, "x,y\n1,2\n3,4\n", AS_FOUND)
    assert [table.rows for table in brought] == [2]  # type: ignore[attr-defined]  # of tables
