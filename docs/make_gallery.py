"""Draw the figures of laboratories in the gallery: ``python docs/make_gallery.py``; the others have commands."""

from pathlib import Path

from coopsim.i18n import set_lang
from coopsim.lab import labs, run_lab
from coopsim.lab.figure import write_figure
from coopsim.lab.figure_data import sample

SHOWN = ("static-commons", "tax-race", "keeping-a-pact", "river")
FOLDER = Path(__file__).with_name("gallery")


def main() -> None:
    """Write docs/gallery/NAME.svg for each laboratory shown."""
    set_lang("en")
    FOLDER.mkdir(exist_ok=True)
    for name in SHOWN:
        write_figure(sample(labs()[name], run_lab(name, {})), FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
