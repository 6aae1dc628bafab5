#!/usr/bin/env python3
"""
Prints surface_golden.txt: what scikit-image (0.19.3), SciPy and numpy say of the surface of random labels. A line: shape i j k, spacing (mm),
voxels as hexadecimal digits (i fastest, the first voxel is the lowest bit of the first digit), area (mm2), volume (mm3), largest distance of two
vertices (mm). The meshes are taken in doubles: scikit-image's own are floats.
"""
import numpy as np
from scipy import ndimage
from scipy.spatial.distance import pdist
from skimage.measure import marching_cubes

random = np.random.default_rng(20261127)
for at in range(60):
    shape = random.integers(1, 14, 3) if at % 3 else random.integers(1, 3, 3) * [40, 6, 3]
    label = random.random(shape) < random.random()
    if at % 2:
        label = ndimage.gaussian_filter(random.random(shape), 1.2) > 0.5
    if not label.any():
        continue
    spacing = np.round(random.uniform(0.2, 3.0, 3), 3)
    vertices, faces, _, _ = marching_cubes(np.pad(label, 1).astype(float), 0.5)
    vertices = np.rint(2 * vertices) / 2 * spacing
    mesh = vertices[faces]
    area = np.linalg.norm(np.cross(mesh[:, 1] - mesh[:, 0], mesh[:, 2] - mesh[:, 0]), axis=1).sum() / 2
    volume = abs(np.linalg.det(mesh).sum() / 6)
    bits = label.ravel(order="F")
    bits = np.pad(bits, (0, -len(bits) % 4)).reshape(-1, 4) @ [1, 2, 4, 8]
    print(*shape, *spacing, "".join("%x" % digit for digit in bits), repr(float(area)), repr(float(volume)), repr(float(pdist(vertices).max())))
