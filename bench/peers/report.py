#!/usr/bin/env python3
"""Turns the lines of JSON that bench/run has gathered into tables of ratios. A peer whose answers differ, or that failed, is no row.

    report.py <results.jsonl> <core> <history.csv>

The ratios are added to the history, a line each, in place of those of the same commit and machine.
"""
import csv
import datetime
import json
import math
import os
import platform
import subprocess
import sys

DECOMPRESSORS = {"gzipstream": "zlib-ng (.NET GZipStream)", "libdeflate": "libdeflate", "isal": "ISA-L", "isal-stream": "ISA-L in pieces"}
LEFT_OUT = []
RATIOS = []
HISTORY = ["date", "commit", "machine", "what", "file", "ratio", "at_most"]


def said(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def same(ours, theirs):
    """By label: counts, boxes and components equal, everything else within 1e-9."""
    if ours.keys() != theirs.keys():
        return False
    return all(len(theirs[label]) == len(ours[label]) and all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in zip(ours[label], theirs[label]))
               for label in ours)


class Results:
    def __init__(self, path):
        with open(path, encoding="utf-8") as lines:
            self.all = [json.loads(line) for line in lines]

    def ours(self, what, files):
        return next((r for r in self.all if r["who"] == "VerseEtl" and r["what"] == what and r["files"] == files and "error" not in r), None)

    def files_of(self, what):
        return [r["files"] for r in self.all if r["who"] == "VerseEtl" and r["what"] == what and "error" not in r]

    def peers(self, what, files, answers, asked=lambda values: values, itk=False):
        """Those that answer the same to what they were asked; the others are noted."""
        for r in self.all:
            if r["who"] == "VerseEtl" or r["what"] != what or r["files"] != files or (r["who"] == "ITK") != itk:
                continue
            if "error" in r:
                leave_out(r, r["error"])
            elif not same({label: asked(values) for label, values in answers.items()}, r["answers"]):
                leave_out(r, "other answers")
            else:
                yield r

    def decompression(self, files, length):
        found = []
        for r in self.all:
            if r["files"] != files or not (r["what"] == "decompress" or r["what"] == "gzipstream"):
                continue
            if r.get("answers") != length:
                leave_out(r, r.get("error", "another length"))
            else:
                found.append((r["cpu_ms"], DECOMPRESSORS[r["what"] if r["who"] == "VerseEtl" else r["who"]], r["wall_ms"]))
        return sorted(found)


def leave_out(r, why):
    LEFT_OUT.append(f"{r['who']}, {r['what']}, {name(r['files'])}: {why}")


def name(files):
    mask = os.path.basename(files[-1]).replace("_msk.nii.gz", "").replace("_seg-vert", "").replace("sub-", "") if files[-1] else ""
    return mask + " with its CT" if len(files) > 1 else mask


def ratio_of(what, files, ratio, at_most):
    """Our time through the other's, as it goes into the history."""
    RATIOS.append((what, name(files), ratio, at_most))
    return ratio


def ms(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def once(r):
    return " (1 sample)" if r["samples"] == 1 else ""


def table(head, rows):
    if not rows:
        print("Nothing to compare: see what was left out, or no such file was at hand.\n")
        return
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def verdict(reached):
    return "reached" if reached else "**missed**"


def python_rows(results, what, target):
    rows = []
    history = "mask to rows, Python" if what == "rows" else "CT and mask to rows, Python"
    for files in results.files_of(what):
        ours = results.ours(what, files)
        peers = sorted(results.peers(what, files, ours["answers"]), key=lambda r: r["cpu_ms"])
        if peers:
            best = peers[0]
            ratio_of(history, files, ours["cpu_ms"] / best["cpu_ms"], 1 / target)
            rows.append([name(files), ms(ours["cpu_ms"]), ms(best["cpu_ms"]), best["who"], f"{best['cpu_ms'] / ours['cpu_ms']:.1f}",
                         verdict(best["cpu_ms"] >= target * ours["cpu_ms"]), "; ".join(f"{r['who']} {ms(r['cpu_ms'])}{once(r)}" for r in peers[1:])])
    return rows


def library_rows(results, what, target):
    rows = []
    history = {"moments": "mask to moments, unpacking", "components": "mask to components, unpacking", "decode": "unpacking",
               "scan": "CT and mask to rows, unpacking"}[what]
    for files in results.files_of(what):
        ours, length = results.ours(what, files), results.ours("decode", files)["answers"]
        libraries = results.decompression(files, length)
        if not libraries:
            continue
        limit = target(files)
        ratio = ratio_of(history, files, ours["cpu_ms"] / libraries[0][0], limit)
        rows.append([name(files), ms(ours["cpu_ms"]), ms(libraries[0][0]), libraries[0][1], f"{ratio:.2f}", f"{limit:g}", verdict(ratio <= limit),
                     "; ".join(f"{library} {ms(cpu)}" for cpu, library, _ in libraries[1:])])
    return rows


def itk_rows(results, what, asked):
    rows = []
    for files in results.files_of(what):
        ours = results.ours(what, files)
        for r in results.peers(what, files, ours["answers"], asked, itk=True):
            times = 1 / ratio_of("mask to rows, ITK" if what == "rows" else "CT and mask to rows, ITK", files, ours["cpu_ms"] / r["cpu_ms"], None)
            rows.append([name(files), ms(ours["cpu_ms"]), ms(r["cpu_ms"]) + once(r), f"{times:.1f}"])
    return rows


def parquet_rows(results):
    ours = results.ours("parquet", ["vertebrae"])
    rows = []
    for r in results.all if ours else []:
        if r["what"] != "parquet":
            continue
        if "error" in r:
            leave_out(r, r["error"])
            continue
        ratio = ours["cpu_ms"] / r["cpu_ms"]
        if r["who"] != "VerseEtl":
            RATIOS.append(("writing Parquet", r["who"], ratio, 1.5 if "strings only" in r["who"] else None))
        rows.append([r["who"], ms(r["cpu_ms"]), f"{ratio:.2f}", f"{r['bytes'] / r['rows']:.1f}", f"{ours['bytes'] / r['bytes']:.2f}"])
    return rows


def whole_runs(results):
    """Small and large runs of the whole program, each against what is asked of it."""
    rows = []
    for what, text, against, most in (
            ("run-new", "`run` of one small scan into an empty warehouse, processor time", 300, 1),
            ("run-same", "`run` that finds nothing new, processor time", 200, 1)):
        r = results.ours(what, [""])
        if r:
            ratio = ratio_of("start, new" if what == "run-new" else "start, nothing new", [""], r["cpu_ms"] / against, most)
            rows.append([text, ms(r["cpu_ms"]), f"{against} ms", f"{ratio:.2f}", verdict(ratio <= most)])
    for files in results.files_of("run-one-core"):
        one, two = results.ours("run-one-core", files), results.ours("run-two-cores", files)
        if two:
            text = "`run` of one large scan on two cores, wall time"
            ratio = ratio_of("two cores for one", files, two["wall_ms"] / one["wall_ms"], 0.65)
            rows.append([f"{text}, {name(files)}", ms(two["wall_ms"]), f"{ms(one['wall_ms'])} ms on one, {0.65} of it", f"{ratio:.2f}", verdict(ratio <= 0.65)])
        both = results.ours("run-side-by-side", files)
        if both:
            rows.append(["two such runs side by side, one on each core: what a second core of this machine gives to work that needs no parting",
                         ms(both["wall_ms"]), f"{ms(2 * one['wall_ms'])} ms one after the other", f"{both['wall_ms'] / one['wall_ms'] / 2:.2f}", ""])
    return rows


def picture_rows(results):
    rows = []
    for files in results.files_of("pictures"):
        with_picture, without = results.ours("pictures", files), results.ours("columns", files)
        if without:
            ratio = with_picture["cpu_ms"] / without["cpu_ms"]
            RATIOS.append(("a picture beside all columns", os.path.basename(files[0]).split("_")[0] + (" with its CT" if len(files) > 2 else ""), ratio, 1.1))
            rows.append([os.path.basename(files[0]).split("_")[0] + (" with its CT" if len(files) > 2 else ""), ms(without["cpu_ms"]), ms(with_picture["cpu_ms"]), f"{ratio:.2f}"])
    return rows


def remember(path, date, commit, machine):
    """Writes the history with this run's ratios in it."""
    kept = []
    if os.path.exists(path):
        with open(path, encoding="utf-8", newline="") as lines:
            kept = [r for r in csv.DictReader(lines) if (r["commit"], r["machine"]) != (commit, machine)]
    with open(path, "w", encoding="utf-8", newline="") as lines:
        out = csv.DictWriter(lines, HISTORY, lineterminator="\n")
        out.writeheader()
        out.writerows(kept)
        for what, file, ratio, at_most in RATIOS:
            out.writerow(dict(zip(HISTORY, (date, commit, machine, what, file, f"{ratio:.4g}", f"{at_most:.4g}" if at_most else ""))))


def main(path, core, history):
    results = Results(path)
    for r in results.all:
        if r["who"] == "VerseEtl" and "error" in r:
            leave_out(r, r["error"] + " of our own")
    os_name = next((line.split("=")[1].strip().strip('"') for line in open("/etc/os-release", encoding="utf-8") if line.startswith("PRETTY_NAME")), "")
    dirty = " with changes that are not committed" if said("git", "status", "--porcelain", "src", "bench/VerseEtl.Bench") else ""
    print("# VerseEtl and its peers, on the same files in the same run\n")
    machine, commit, date = said("sh", "-c", "lscpu | grep -m1 Model.name | cut -d: -f2").strip(), said("git", "rev-parse", "--short", "HEAD"), str(datetime.date.today())
    print(f"Machine: {machine}, "
          f"{os.cpu_count()} cores, {os_name}, Linux {platform.release()}, .NET SDK {said('dotnet', '--version')}. "
          f"Load when written: {os.getloadavg()[1]:.1f}. Commit {commit}{dirty}, {date}.\n")
    print(f"Command: `bench/run` (all on core {core}). Packages: " + ", ".join(
        said("dpkg-query", "-W", "-f", "${Package} ${Version}", p) for p in ("libdeflate-dev", "libisal-dev", "libinsighttoolkit5-dev", "python3-nibabel", "python3-numpy", "python3-scipy", "python3-skimage")) + ".\n")
    print("Every ratio over commits: [history.svg](history.svg), its figures in [history.csv](history.csv).\n")
    print("Milliseconds of processor time, median of 5 samples of at least 0.1 s in a warm process (\"1 sample\": a call takes more than 4 s and is not repeated). "
          "Every peer's exit code was checked and its answers are the same as ours: counts, boxes, components, centroids, Hounsfield statistics. "
          "`phantom` volumes are generated, `tiled` ones are genuine scans repeated along k; packed by `gzip -6`. F: the array as nibabel loads it, C: its transpose.\n")

    print("## Mask to rows, everything but Hounsfield units, against Python\n")
    print("Ours is `inspect`'s work from the file: hash of the file, every column. A peer reads the file with nibabel and gives counts, boxes, "
          "centroids and components; nobody but us makes the ellipsoid axes. Target: 60 times faster than the fastest.\n")
    table(["mask", "ours", "fastest", "which", "times faster", "60 times", "others"], python_rows(results, "rows", 60))

    print("### The VerSe authors' way, written anew\n")
    print("One boolean volume per label and `center_of_mass` of it: centroids only.\n")
    rows = []
    for files in results.files_of("rows"):
        ours = results.ours("rows", files)
        found = {r["who"].split()[-1]: r for r in results.peers("centroids", files, ours["answers"], lambda values: values[7:10])}
        if found:
            rows.append([name(files), ms(ours["cpu_ms"])] + [f"{ms(found[o]['cpu_ms'])}{once(found[o])} = {found[o]['cpu_ms'] / ours['cpu_ms']:,.0f} times" if o in found else "" for o in "FC"])
    table(["mask", "ours", "theirs, F", "theirs, C"], rows)

    def sparse(files):
        return "phantom" in name(files)

    print("### ITK, the engine of SimpleITK\n")
    print("`LabelImageToShapeLabelMapFilter` from the file on one thread: counts, boxes, moments; no components, no hash. Counts and boxes were compared.\n")
    table(["mask", "ours", "ITK", "times faster"], itk_rows(results, "rows", lambda values: values[:7]))

    print("## Mask: decompression, CRC, counts, boxes and moments, against a library's decompression alone\n")
    print("Packed file in memory. Target: at most the fastest library's time on genuine masks, half of it on large sparse ones.\n")
    head = ["mask", "ours", "fastest library", "which", "ours / it", "at most", "", "others"]
    table(head, library_rows(results, "moments", lambda files: 0.5 if sparse(files) else 1))
    print("### The same with components\n")
    table(head, library_rows(results, "components", lambda files: 1.5))
    print("### Decompression and CRC alone\n")
    table(head, library_rows(results, "decode", lambda files: 0.5 if sparse(files) else 1))

    print("## CT and mask to rows with Hounsfield units\n")
    print("Ours is the measuring of a scan from its two files, SHA-256 of both included; the libraries only decompress both, from memory. Target: at most 1.25.\n")
    table(head, library_rows(results, "scan", lambda files: 1.25))
    for files in results.files_of("sha256"):
        print(f"SHA-256 of the packed files alone, {name(files)}: {ms(results.ours('sha256', files)['cpu_ms'])} ms.")
    print("\nAgainst nibabel and numpy, from the files. Target: 5 times faster.\n")
    table(["scan", "ours", "theirs", "which", "times faster", "5 times", "others"], python_rows(results, "scan", 5))

    print("### ITK, the engine of SimpleITK, with Hounsfield statistics\n")
    print("`LabelImageToStatisticsLabelMapFilter`: also mean, standard deviation, extremes, and a median off a histogram. Compared were counts, boxes, mean, deviation, extremes.\n")
    table(["scan", "ours", "ITK", "times faster"], itk_rows(results, "scan", lambda values: [*values[:7], values[12], values[13], values[14], values[20]]))

    print("## A picture beside all columns\n")
    print("Measuring a scan with its centroid file in a warm process, without and with a picture of it.\n")
    table(["scan", "without", "with", "times"], picture_rows(results))

    print("## Writing Parquet\n")
    print("Invented vertebra rows, every column, zstd, row groups of 10,000, on one core; the least of three runs after one that compiles and warms up. VerseEtl "
          "begins with row objects, refuses NaN and stores text plain, DuckDB begins with its own table in memory, Arrow C++ with arrays in memory.\n")
    table(["writer", "ms", "VerseEtl / it", "bytes a row", "VerseEtl / it"], parquet_rows(results))

    print("## Whole runs\n")
    print("The program with its runtime, as it is released, from start to end.\n")
    table(["what", "ms", "against", "ratio", ""], whole_runs(results))

    print("## The whole process\n")
    version = results.ours("version", [""])
    print(f"`inspect <mask>` from start to end, processor time and wall time; `--version` takes {ms(version['cpu_ms'])} and {ms(version['wall_ms'])} ms. Target of peak memory: below 150 MB.\n")
    rows = []
    for files in results.files_of("inspect"):
        r = results.ours("inspect", files)
        rows.append([name(files), ms(r["cpu_ms"]), ms(r["cpu_ms"] - version["cpu_ms"]), ms(r["wall_ms"]), ms(r["wall_ms"] - version["wall_ms"]),
                     f"{r['peak_kb'] / 1024:.0f}", verdict(r["peak_kb"] < 150_000)])
    table(["mask", "processor", "less `--version`", "wall", "less `--version`", "peak, MB", ""], rows)
    for files in results.files_of("scan"):
        print(f"Measuring CT and mask again and again, {name(files)}: peak {results.ours('scan', files)['peak_kb'] / 1024:.0f} MB.")
    print("\n## Left out\n")
    print("\n".join(f"* {line}" for line in dict.fromkeys(LEFT_OUT)) or "Nothing: every peer ran to its end and gave the same answers.")
    remember(history, date, commit, machine)


if __name__ == "__main__":
    main(*sys.argv[1:])
