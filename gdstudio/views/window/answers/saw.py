"""Choose after the run what was seen."""

from __future__ import annotations

from typing import ClassVar

from gdstudio.views.window.answers.choice import ChoiceForm
from gdstudio.views.window.questions import Stage


class SawForm(ChoiceForm):
    """A button for each answer, there once the run is over; the reveal marks what really happened."""

    kind: ClassVar[str] = "saw"
    done: ClassVar[str] = "seen"
    answered_at: ClassVar[Stage] = Stage.LOOK
