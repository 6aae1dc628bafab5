#!/usr/bin/env python3
"""Mask to count, box, centroid and components per label, in the ways people do it in Python, from the file on disk each time.

    mask_ways.py <way> <F|C> <file_msk.nii.gz>

F hands the array to the library as nibabel loads it (first axis fastest), C as its transpose, which is the same memory seen the other
way round and which most of scipy and scikit-image walk faster. No way computes the ellipsoid axes, so all have less to do than VerseEtl.
"""
import sys

import nibabel as nib
import numpy as np
from scipy import ndimage

import timing

STRUCTURE = np.ones((3, 3, 3))


def load(path, order):
    stored = np.asanyarray(nib.load(path).dataobj)
    labels = stored if stored.dtype == np.uint8 else stored.astype(np.uint8)
    return labels if order == "F" else labels.T


def components(where):
    """Components and voxels of the largest."""
    parts, count = ndimage.label(where, STRUCTURE)
    return [count, int(np.bincount(parts.ravel())[1:].max())]


def bincount(labels):
    """numpy: the voxels that hold a label, counted by label and coordinate; boxes and centroids follow from the counts."""
    flat = labels.ravel(order="K")
    at = np.flatnonzero(flat)
    label = flat[at].astype(np.intp)
    fastest_first = list(labels.shape) if labels.flags.f_contiguous else list(labels.shape[::-1])
    sides = []
    for size in fastest_first:
        at, coordinate = np.divmod(at, size)
        sides.append(np.bincount(label * size + coordinate, minlength=256 * size).reshape(256, size))
    if not labels.flags.f_contiguous:
        sides.reverse()
    for label in np.flatnonzero(sides[0].sum(1)):
        counts = [side[label] for side in sides]
        filled = [np.flatnonzero(count) for count in counts]
        box = tuple(slice(f[0], f[-1] + 1) for f in filled)
        yield int(label), int(counts[0].sum()), box, labels[box] == label, [np.dot(c, np.arange(len(c))) / c.sum() for c in counts]


def regionprops(labels):
    from skimage import measure
    for region in measure.regionprops(labels):
        yield region.label, int(region.area), region.slice, region.image, region.centroid


def find_objects(labels):
    """scipy.ndimage: everything within the label's box."""
    for label, box in enumerate(ndimage.find_objects(labels), start=1):
        if box is None:
            continue
        where = labels[box] == label
        centre = ndimage.center_of_mass(where)
        yield label, int(np.count_nonzero(where)), box, where, [c + s.start for c, s in zip(centre, box)]


def authors(labels):
    """The VerSe authors' way, written anew: a boolean volume for each label, its centre of mass. Nothing but centroids."""
    for label in np.unique(labels):
        if label:
            yield int(label), None, None, None, ndimage.center_of_mass(labels == label)


WAYS = {"numpy-bincount": bincount, "skimage-regionprops": regionprops, "scipy-find_objects": find_objects, "authors-center_of_mass": authors}


def measure(way, order, path):
    labels = load(path, order)
    turn = slice(None) if order == "F" else slice(None, None, -1)
    answers = {}
    for label, count, box, where, centre in WAYS[way](labels):
        if box is None:
            answers[label] = [float(c) for c in centre[turn]]
            continue
        sides = box[turn]
        answers[label] = [count, *(int(s.start) for s in sides), *(int(s.stop) for s in sides), *(float(c) for c in list(centre)[turn]),
                          *components(where)]
    return answers


if __name__ == "__main__":
    way, order, path = sys.argv[1:]
    timing.run(f"{way} {order}", "centroids" if way.startswith("authors") else "rows", [path], lambda: measure(way, order, path))
