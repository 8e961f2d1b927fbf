"""The one text of a run's program; the strip, the script and the notebook are views of it."""

from gdstudio.core.program.assembly import program_of
from gdstudio.core.program.by_hand import by_hand, why_not_by_hand
from gdstudio.core.program.notebook_file import notebook
from gdstudio.core.program.script_file import script
from gdstudio.core.program.shown import strip

__all__ = ["by_hand", "notebook", "program_of", "script", "strip", "why_not_by_hand"]
