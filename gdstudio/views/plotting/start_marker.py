"""The ring that marks where a run starts and can be dragged elsewhere."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from gdstudio.views.plotting.ring_handle import RingHandle


class StartMarker(RingHandle):
    """Whoever listens to ``moved`` sets the start, of as many weights as there are."""

    @override
    def settings(self) -> dict[str, Any]:
        return {"run.initial_weights": self._panel.session.experiment.run.initial_weights}

    def start_from(self, x: float, y: float) -> None:
        """Let the run begin at a place of the plane of the first two weights, the others as they are."""
        snapshot = self._panel.session.run.snapshot()
        if snapshot is not None:
            others = snapshot.weights[0, 2:].tolist()
            self._panel.session.edit({"run.initial_weights": (round(x, 2), round(y, 2), *others)})

    @property
    @override
    def rests(self) -> bool:
        """Whether it stays where it is, since the pointer marks where the run is expected to end."""
        return self._panel.session.guess.is_wanted
