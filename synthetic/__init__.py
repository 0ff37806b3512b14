"""An invented place with sealed truth: a measuring instrument for everything that reads extracts.

:func:`simulate` draws households, walks them through their months, writes what their councils and
health services would have sent, and seals what really happened where only evaluation may look.
"""

from synthetic.injections import INJECTIONS, PRESETS
from synthetic.settings import SIZES, Switches
from synthetic.simulate import SimulationReport, simulate

__all__ = ["INJECTIONS", "PRESETS", "SIZES", "SimulationReport", "Switches", "simulate"]
