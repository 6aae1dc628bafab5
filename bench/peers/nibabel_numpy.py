#!/usr/bin/env python3
"""The same per-vertebra work with nibabel, numpy and scipy, written the way a careful data scientist would:
one pass per scan, each label inside its bounding box, arrays in the memory order that suits the call.
Prints one line per vertebra (scan, label, voxels, mean HU) so that answers can be compared, and the seconds on stderr.

    /usr/bin/python3 bench/peers/nibabel_numpy.py <source>
"""
import glob
import os
import sys
import time

import nibabel as nib
import numpy as np
from scipy import ndimage

STRUCTURE = np.ones((3, 3, 3))


def features(mask_path, ct_path):
    image = nib.load(mask_path)
    labels = np.rint(np.asanyarray(image.dataobj)).astype(np.uint8)
    ct = None
    if ct_path:
        raw = np.asanyarray(nib.load(ct_path).dataobj)
        ct = np.rint(raw) if raw.dtype.kind == "f" else raw
    volume = np.prod(image.header.get_zooms()[:3])
    affine = image.affine
    for label, box in enumerate(ndimage.find_objects(labels), start=1):
        if box is None:
            continue
        where = labels[box] == label
        index = np.argwhere(where) + [s.start for s in box]
        count = len(index)
        world = index @ affine[:3, :3].T + affine[:3, 3]
        axes = 2 * np.sqrt(5 * np.clip(np.linalg.eigvalsh(np.cov(world.T, bias=True)), 0, None)) if count > 1 else np.zeros(3)
        components, parts = ndimage.label(where, STRUCTURE)
        largest = np.bincount(components.ravel())[1:].max()
        border = any(s.start == 0 or s.stop == n for s, n in zip(box, labels.shape))
        hu = ()
        if ct is not None and ct.shape == labels.shape:
            values = ct[box][where]
            hu = (values.mean(), values.std(), values.min(), values.max(), *np.percentile(values, [5, 25, 50, 75, 95]))
        yield label, count, count * volume, world.mean(0), axes, parts, largest / count, border, hu


def main(source):
    started = time.perf_counter()
    masks = sorted(glob.glob(f"{source}/**/*_msk.nii*", recursive=True))
    for mask in masks:
        base = os.path.basename(mask).split("_seg-vert")[0]
        folder = os.path.dirname(mask).replace("derivatives", "rawdata")
        ct = next(iter(glob.glob(f"{folder}/{base}_ct.nii*")), None)
        for row in features(mask, ct):
            print(base, row[0], row[1], f"{row[8][0]:.6f}" if row[8] else "")
    print(f"{len(masks)} scans in {time.perf_counter() - started:.2f} s", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
