#!/usr/bin/env python3
"""Mask and CT to shape and Hounsfield statistics per label with nibabel and numpy, from the files on disk each time.

    ct_ways.py nibabel+numpy <F|C> <file_ct.nii.gz> <file_msk.nii.gz>

Each label is handled within its box; F and C as in mask_ways.py.
"""
import sys

import nibabel as nib
import numpy as np

import mask_ways
import timing


def measure(order, ct_path, mask_path):
    labels = mask_ways.load(mask_path, order)
    ct = np.asanyarray(nib.load(ct_path).dataobj)
    ct = ct if order == "F" else ct.T
    turn = slice(None) if order == "F" else slice(None, None, -1)
    answers = {}
    for label, count, box, where, centre in mask_ways.bincount(labels):
        sides = box[turn]
        values = ct[box][where]
        answers[label] = [count, *(int(s.start) for s in sides), *(int(s.stop) for s in sides), *(float(c) for c in list(centre)[turn]),
                          *mask_ways.components(where),
                          float(values.mean()), float(values.std()), *(float(p) for p in np.percentile(values, [0, 5, 25, 50, 75, 95, 100]))]
    return answers


if __name__ == "__main__":
    way, order, ct_path, mask_path = sys.argv[1:]
    timing.run(f"{way} {order}", "scan", [ct_path, mask_path], lambda: measure(order, ct_path, mask_path))
