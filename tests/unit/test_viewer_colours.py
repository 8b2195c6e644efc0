"""Colours of the viewer told apart by eyes that lack a cone, and read on their background.

Simulation: Machado, Oliveira & Fernandes (2009), A physiologically-based model for simulation of color vision
deficiency,
IEEE TVCG 15(6), matrices of severity 1.0 on linear RGB. Distance: CIEDE2000, checked here against published pairs of
Sharma, Wu & Dalal (2005), Color Research & Application 30(1), table 1. Contrast: WCAG 2.1, 1.4.3 and 1.4.11.

Tolerances: 30 between the two lanes (10 is seen at a glance; lines are also dashed and labelled), 10 between
neighbouring classes of a map (they touch, and each place tells its value).
"""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

import coopsim_viz
from coopsim_viz.report.drawing import COLOURS, PALETTE

HERE = Path(coopsim_viz.__file__).parent
BOARD = (HERE / "pages" / "board.vue").read_text(encoding="utf-8")
LANES, CLASSES = 30.0, 10.0

EYES = {
    "ordinary": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colour):
    colour = colour.removeprefix("#")
    colour = "".join(2 * c for c in colour) if len(colour) == 3 else colour
    s = np.array([int(colour[i : i + 2], 16) for i in (0, 2, 4)]) / 255.0
    return np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    t = _XYZ @ np.clip(rgb, 0.0, 1.0) / _WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one, other):
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    dh = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh_ = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))
    ml, mc = (l1 + l2) / 2, (c1 + c2) / 2
    mh = h1 + h2
    if c1 * c2 != 0:
        mh = (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2
    t = (
        1 - 0.17 * np.cos(np.radians(mh - 30)) + 0.24 * np.cos(np.radians(2 * mh))
        + 0.32 * np.cos(np.radians(3 * mh + 6)) - 0.20 * np.cos(np.radians(4 * mh - 63))
    )  # fmt: skip
    sl = 1 + 0.015 * (ml - 50) ** 2 / np.sqrt(20 + (ml - 50) ** 2)
    sc, sh = 1 + 0.045 * mc, 1 + 0.015 * mc * t
    turn = 30 * np.exp(-(((mh - 275) / 25) ** 2))
    rt = -2 * np.sqrt(mc**7 / (mc**7 + 25.0**7)) * np.sin(np.radians(2 * turn))
    return np.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh_ / sh) ** 2 + rt * (dc / sc) * (dh_ / sh))


def seen(eye, one, other):
    """How far apart two colours are for an eye."""
    return float(ciede2000(*(lab(EYES[eye] @ linear(colour)) for colour in (one, other))))


def contrast(one, other):
    light = sorted(0.05 + float(np.array([0.2126, 0.7152, 0.0722]) @ linear(c)) for c in (one, other))
    return light[1] / light[0]


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_is_that_of_the_published_pairs(one, other, distance):
    assert ciede2000(one, other) == pytest.approx(distance, abs=1e-4)


def test_red_and_green_of_equal_weight_look_alike_to_the_simulated_eye():
    """The simulation simulates: a pair that everybody else tells apart."""
    assert seen("deuteranopia", "#b35900", "#7a7a00") < seen("ordinary", "#b35900", "#7a7a00") / 2


def test_wall_and_report_have_the_same_colours():
    assert dict(re.findall(r"(A|B): '(#\w{6})'", re.search(r"colour: (\{.*?\})", BOARD)[1])) == COLOURS
    assert tuple(re.findall(r"#\w{6}", re.search(r"palette: (\[.*?\])", BOARD)[1])) == PALETTE


@pytest.mark.parametrize("eye", EYES)
def test_lanes_are_told_apart(eye):
    assert seen(eye, COLOURS["A"], COLOURS["B"]) > LANES


@pytest.mark.parametrize("eye", EYES)
def test_classes_of_a_map_are_told_apart(eye):
    near = [seen(eye, *pair) for pair in itertools.pairwise(PALETTE)]
    assert min(near) > CLASSES
    lightness = [lab(EYES[eye] @ linear(colour))[0] for colour in PALETTE]
    assert lightness == sorted(lightness, reverse=True)  # more is darker, for every eye


def css_colours():
    text = BOARD + (HERE / "pages" / "page.css").read_text(encoding="utf-8")
    dark = dict(re.findall(r"--(\w+):(#\w+)", re.search(r"\.cs-dark\{(.*?)\}", text)[1]))
    light = dict(re.findall(r"--(\w+):(#\w+)", re.search(r"\.cs-board\{(.*?)\}", text)[1]))
    return light, dark


@pytest.mark.parametrize("theme", [0, 1])
def test_text_is_read_on_its_ground(theme):
    colours = css_colours()[theme]
    assert contrast(colours["ink"], colours["paper"]) >= 7.0
    assert contrast(colours["soft"], colours["paper"]) >= 4.5


@pytest.mark.parametrize("lane", COLOURS)
def test_labels_in_the_colour_of_a_lane_are_read(lane):
    light, dark = css_colours()
    assert contrast(COLOURS[lane], light["paper"]) >= 4.5
    assert contrast("#ffffff", COLOURS[lane]) >= 4.5  # white letters on it
    assert contrast(COLOURS[lane], dark["paper"]) >= 3.0  # lines; labels are made brighter there
