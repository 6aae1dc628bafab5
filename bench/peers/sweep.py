#!/usr/bin/env python3
"""Holds `verse-etl inspect` against nibabel on every NIfTI file below some folders, and prints files, differences and refusals.

    sweep.py <verse-etl> <folder>...      needs Debian's python3-nibabel

Compared: shape, spacing, affine (1e-6 of its largest number), stored type, letters of the axes (the strongest axis named first, as nibabel does
since 5.4), and of label maps the labels with their voxel counts. A file that we refuse is no difference; the codes are counted, and those
files that nibabel reads as whole numbers from 0 to 28, and we still refuse, are listed.
"""
import collections
import itertools
import json
import os
import subprocess
import sys

import nibabel as nib
import numpy as np


def letters(affine):
    """Of all ways to give each voxel axis a world axis of its own: the strongest entry first, then the strongest of what is left."""
    size = np.linalg.norm(affine[:3, :3], axis=0)
    zooms = np.where(size == 0, 1, size)
    u, s, vt = np.linalg.svd(affine[:3, :3] / zooms)
    keep = s > s.max() * 3 * np.finfo(float).eps
    rotation = u[:, keep] @ vt[keep]
    named = [None, None, None]
    for value, world, voxel in sorted(((-abs(rotation[w, v]), w, v) for w, v in itertools.product(range(3), range(3)))):
        if named[voxel] is None and all(n is None or n[0] != world for n in named):
            named[voxel] = (world, rotation[world, voxel] < 0)
    return "".join(("RAS", "LPI")[int(negative)][world] for world, negative in named)


def differences(ours, image):
    header, told = image.header, ours["header"]
    if list(image.shape) + [1] * (3 - len(image.shape)) != told["shape"]:
        yield "shape"
    zooms = [float(zoom) for zoom in header.get_zooms()[:3]]
    if len(zooms) == 3 and not np.array_equal(np.array(zooms, dtype=np.float32), np.array(told["spacing_mm"], dtype=np.float32)):
        yield "spacing"
    affine = np.array(told["affine"]).reshape(4, 4)
    if np.abs(affine - image.affine).max() > 1e-6 * max(1, np.abs(image.affine).max()):
        yield "affine"
    elif told["orientation"] != letters(image.affine):
        yield "letters"
    if told["datatype"] != header.get_data_dtype().name:
        yield "stored type"
    if ours["vertebrae"] or ours["unknown_labels"]:
        values, counts = np.unique(np.rint(np.nan_to_num(np.asanyarray(image.dataobj).astype(np.float64))), return_counts=True)
        expected = {int(value): int(count) for value, count in zip(values, counts) if value != 0}
        found = {row["label"]: row["voxel_count"] for row in ours["vertebrae"]}
        if {label: count for label, count in expected.items() if 1 <= label <= 28} != found:
            yield "labels"


def main(host, *folders):
    files = sorted(os.path.join(root, name) for folder in folders for root, _, names in os.walk(folder)
                   for name in names if name.endswith((".nii", ".nii.gz")))
    refused, differing, suspicious, compared = collections.Counter(), [], [], 0
    for file in files:
        told = subprocess.run([host, "inspect", "--json", file], capture_output=True, text=True, check=False)
        ours = json.loads(told.stdout) if told.stdout else {}
        try:
            image = nib.load(file)
            data = np.asanyarray(image.dataobj)
        except Exception:  # whatever a reader of damaged files may throw
            image = data = None
        if ours.get("header") is None or image is None:
            errors = [finding["code"] for finding in ours.get("findings", []) if finding["severity"] == "error"]
            refused[errors[0] if errors else f"exit {told.returncode}"] += 1
            if image is not None and data.ndim == 3 and data.dtype.kind in "iuf" and data.size and np.isin(data, range(29)).all():
                suspicious.append(file)
            continue
        compared += 1
        differing += [f"{file}: {what}" for what in differences(ours, image)]
    print(f"{len(files)} files, {compared} compared, {len(differing)} differences")
    for line in differing:
        print("  differs:", line)
    for code, count in refused.most_common():
        print(f"  refused: {code} x {count}")
    for file in suspicious:
        print("  refused though a label map to nibabel:", file)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
