#!/usr/bin/env python3
"""Draws the history of every ratio over commits: history.py <history.csv> <history.svg>. One panel a kind, one line a file and machine."""
import csv
import itertools
import math
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

COLUMNS, PANEL_INCHES = 3, (4.4, 2.6)
# Okabe and Ito's, which the colour-blind can tell apart; a file beyond the eighth is dashed
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#000000", "#999999"]
MARKERS = "os^Dv"


def draw(path, target):
    with open(path, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    runs, kinds, machines, files = (list(dict.fromkeys(values)) for values in (
        ((r["commit"], r["machine"]) for r in rows), (r["what"] for r in rows), (r["machine"] for r in rows), (r["file"] for r in rows)))
    plt.rcParams.update({"svg.hashsalt": "verse-etl", "font.size": 8, "axes.titlesize": 9})
    height = math.ceil(len(kinds) / COLUMNS)
    figure, panels = plt.subplots(height, COLUMNS, figsize=(PANEL_INCHES[0] * COLUMNS, PANEL_INCHES[1] * height + 1), squeeze=False)
    drawn = {}
    for panel, kind in itertools.zip_longest(panels.flat, kinds):
        if kind is None:
            panel.axis("off")
            continue
        of_kind = [r for r in rows if r["what"] == kind]
        for file in dict.fromkeys(r["file"] for r in of_kind):
            at = files.index(file)
            style = {"color": COLOURS[at % len(COLOURS)], "linestyle": "-" if at < len(COLOURS) else "--"}
            points = [(runs.index((r["commit"], r["machine"])), float(r["ratio"]), MARKERS[machines.index(r["machine"])]) for r in of_kind if r["file"] == file]
            drawn[file or "the small scan"] = panel.plot([run for run, _, _ in points], [ratio for _, ratio, _ in points], linewidth=1, **style)[0]
            for run, ratio, marker in points:
                panel.plot(run, ratio, marker, color=style["color"], markersize=3)
        for limit in dict.fromkeys(r["at_most"] for r in of_kind if r["at_most"]):
            panel.axhline(float(limit), color="#555555", linestyle=(0, (1, 2)), linewidth=1)
        panel.set_yscale("log")
        for axis_format in (panel.yaxis.set_major_formatter, panel.yaxis.set_minor_formatter):
            axis_format(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}" if f"{value:e}"[0] in "125" else ""))
        panel.set_xticks(range(len(runs)), [commit for commit, _ in runs], rotation=45, ha="right", fontsize=7)
        panel.set_xlim(-0.4, len(runs) - 0.6)
        panel.set_title(kind)
        panel.grid(axis="y", color="#e5e5e5", linewidth=0.5)
    figure.suptitle("Our time through the other's, less is better; dotted: what was asked. " + "; ".join(
        f"{shape}: {machine}" for machine, shape in zip(machines, ["circles", "squares", "triangles", "diamonds", "wedges"])), fontsize=9)
    figure.legend(drawn.values(), drawn.keys(), loc="lower center", ncols=5, frameon=False, fontsize=8)
    figure.tight_layout(rect=(0, 0.7 / figure.get_figheight(), 1, 0.995))
    figure.savefig(target, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    draw(*sys.argv[1:])
