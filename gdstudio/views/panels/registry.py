"""Which panel draws which kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.views.panels.contour import Contour
from gdstudio.views.panels.cost_curve import CostCurve
from gdstudio.views.panels.cost_history import CostHistory
from gdstudio.views.panels.data_plot import DataPlot
from gdstudio.views.panels.epoch_loss import EpochLoss
from gdstudio.views.panels.network import Network
from gdstudio.views.panels.surface import Surface
from gdstudio.views.panels.weights_table import WeightsTable

if TYPE_CHECKING:
    from gdstudio.views.panels.base import Panel

PANEL_TYPES: dict[str, type[Panel]] = {
    panel.kind: panel
    for panel in (DataPlot, CostCurve, CostHistory, EpochLoss, WeightsTable, Contour, Surface, Network)
}
