"""The front desk's day: the board, who arrives and leaves, and what waits to be done.

The board is read before the window's first picture of the day, so it brings nothing else along;
arrivals, departures and the queue are imported when they are first asked for.
"""

from medsec_desktop.services.today.board import Board
from medsec_desktop.services.today.records import GROUP_WORDS, BoardRow, Group, WaitingCount

__all__ = ["GROUP_WORDS", "Board", "BoardRow", "Group", "WaitingCount"]
