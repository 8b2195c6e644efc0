"""Patterns of the sources and facts of the literature, each with its runs, its marks and its verdict."""

from coopsim.patterns.files import chosen, load_patterns, pattern_files
from coopsim.patterns.judging import PatternResult, judge_all
from coopsim.patterns.spec import Pattern

__all__ = ["Pattern", "PatternResult", "chosen", "judge_all", "load_patterns", "pattern_files"]
