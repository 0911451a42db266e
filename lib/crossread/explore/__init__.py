"""Explore and read: four linked views over one selection, from any point of a chart to the sentences behind it."""

from crossread.explore.model import Workbench
from crossread.explore.session import Session
from crossread.explore.state import Edit, State, read_state
from crossread.explore.widgets import explorer

__all__ = ["Edit", "Session", "State", "Workbench", "explorer", "read_state"]
