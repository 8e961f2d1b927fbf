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

    @property
    @override
    def rests(self) -> bool:
        """Whether it stays where it is, since the pointer marks where the run is expected to end."""
        return self._panel.session.guess.is_wanted
