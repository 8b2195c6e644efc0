"""Comparer: any two branches of the session or shipped scenarios, in many worlds, lived quietly beside the room."""

from coopsim_viz.compare.jobs import Comparisons, Job
from coopsim_viz.compare.sides import WORLDS, Question, question_of

__all__ = ["WORLDS", "Comparisons", "Job", "Question", "question_of"]
