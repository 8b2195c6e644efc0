"""The room: two lanes of one world, the tree of what was tried, votes and predictions. Knows no page and no server."""

from coopsim_viz.room.branches import Branch, Tree
from coopsim_viz.room.changes import Amendment, Change, Choice, Shock
from coopsim_viz.room.room import Room
from coopsim_viz.room.votes import Ballot, Option

__all__ = ["Amendment", "Ballot", "Branch", "Change", "Choice", "Option", "Room", "Shock", "Tree"]
