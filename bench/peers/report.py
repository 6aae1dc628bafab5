#!/usr/bin/env python3
"""Turns the lines of JSON that bench/run has gathered into tables of ratios. A peer whose answers differ, or that failed, is no row.

    report.py <results.jsonl> <core>
"""
import datetime
import json
import math
import os
import platform
import subprocess
import sys

DECOMPRESSORS = {"gzipstream": "zlib-ng (.NET GZipStream)", "libdeflate": "libdeflate", "isal": "ISA-L", "isal-stream": "ISA-L in pieces"}
LEFT_OUT = []


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

    def peers(self, what, files, answers, cut=slice(None)):
        """Those that answer the same; the others are noted."""
        for r in self.all:
            if r["who"] == "VerseEtl" or r["what"] != what or r["files"] != files:
                continue
            if "error" in r:
                leave_out(r, r["error"])
            elif not same({label: values[cut] for label, values in answers.items()}, r["answers"]):
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
    return os.path.basename(files[-1]).replace("_msk.nii.gz", "").replace("_seg-vert", "").replace("sub-", "") if files[-1] else ""


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
    for files in results.files_of(what):
        ours = results.ours(what, files)
        peers = sorted(results.peers(what, files, ours["answers"]), key=lambda r: r["cpu_ms"])
        if peers:
            best = peers[0]
            rows.append([name(files), ms(ours["cpu_ms"]), ms(best["cpu_ms"]), best["who"], f"{best['cpu_ms'] / ours['cpu_ms']:.1f}",
                         verdict(best["cpu_ms"] >= target * ours["cpu_ms"]), "; ".join(f"{r['who']} {ms(r['cpu_ms'])}{once(r)}" for r in peers[1:])])
    return rows


def library_rows(results, what, target):
    rows = []
    for files in results.files_of(what):
        ours, length = results.ours(what, files), results.ours("decode", files)["answers"]
        libraries = results.decompression(files, length)
        if not libraries:
            continue
        limit = target(files)
        ratio = ours["cpu_ms"] / libraries[0][0]
        rows.append([name(files), ms(ours["cpu_ms"]), ms(libraries[0][0]), libraries[0][1], f"{ratio:.2f}", f"{limit:g}", verdict(ratio <= limit),
                     "; ".join(f"{library} {ms(cpu)}" for cpu, library, _ in libraries[1:])])
    return rows


def main(path, core):
    results = Results(path)
    for r in results.all:
        if r["who"] == "VerseEtl" and "error" in r:
            leave_out(r, r["error"] + " of our own")
    os_name = next((line.split("=")[1].strip().strip('"') for line in open("/etc/os-release", encoding="utf-8") if line.startswith("PRETTY_NAME")), "")
    dirty = " with changes that are not committed" if said("git", "status", "--porcelain", "src", "bench/VerseEtl.Bench") else ""
    print("# VerseEtl and its peers, on the same files in the same run\n")
    print(f"Machine: {said('sh', '-c', 'lscpu | grep -m1 Model.name | cut -d: -f2')}, "
          f"{os.cpu_count()} cores, {os_name}, Linux {platform.release()}, .NET SDK {said('dotnet', '--version')}. "
          f"Load when written: {os.getloadavg()[1]:.1f}. Commit {said('git', 'rev-parse', '--short', 'HEAD')}{dirty}, {datetime.date.today()}.\n")
    print(f"Command: `bench/run` (all on core {core}). Packages: " + ", ".join(
        said("dpkg-query", "-W", "-f", "${Package} ${Version}", p) for p in ("libdeflate-dev", "libisal-dev", "python3-nibabel", "python3-numpy", "python3-scipy", "python3-skimage")) + ".\n")
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
        found = {r["who"].split()[-1]: r for r in results.peers("centroids", files, ours["answers"], slice(7, 10))}
        if found:
            rows.append([name(files), ms(ours["cpu_ms"])] + [f"{ms(found[o]['cpu_ms'])}{once(found[o])} = {found[o]['cpu_ms'] / ours['cpu_ms']:,.0f} times" if o in found else "" for o in "FC"])
    table(["mask", "ours", "theirs, F", "theirs, C"], rows)

    def sparse(files):
        return "phantom" in name(files)

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


if __name__ == "__main__":
    main(*sys.argv[1:])
