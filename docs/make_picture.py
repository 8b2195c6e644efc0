"""Draw the README's picture from a saved comparison: ``python docs/make_picture.py COMPARISON_FOLDER``."""

import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from coopsim.comparison import Comparison

SHOWN = (
    ("jobs", "Jobs"),
    ("net_budget_eur_per_head", "Net public budget, €/head"),
    ("broadleaf_ratio", "Broadleaf harvest / increment"),
    ("rivalry", "Rivalry between neighbours"),
)
COLOURS = ("#0072B2", "#D55E00")  # Okabe–Ito


def main() -> None:
    """Write docs/picture.svg: medians and 90 % of worlds of four trajectories, both lanes."""
    comparison = Comparison.load(Path(sys.argv[1]))
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "coopsim", "font.size": 9})
    figure = Figure(figsize=(11, 2.7), layout="constrained")
    axes = figure.subplots(1, len(SHOWN))
    frame = comparison.trajectories
    system = frame[frame["territory"] == ""]
    lanes = list(dict.fromkeys(system["scenario"]))
    for ax, (name, title) in zip(axes, SHOWN, strict=True):
        for lane, colour in zip(lanes, COLOURS, strict=False):
            table = system[system["scenario"] == lane].pivot_table(index="tick", columns="seed", values=name)
            years = 2026 + table.index.to_numpy() / 4
            low, mid, high = np.quantile(table.to_numpy(), [0.05, 0.5, 0.95], axis=1)
            ax.fill_between(years, low, high, color=colour, alpha=0.18, lw=0)
            ax.plot(years, mid, color=colour, label=lane.removeprefix("figeac-"))
        ax.set_title(title, fontsize=9)
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].legend(frameon=False, fontsize=8)
    figure.savefig(Path(__file__).with_name("picture.svg"), metadata={"Date": None})


if __name__ == "__main__":
    main()
