#!/usr/bin/env python3
"""
Prints the table in src/Transform/Kernels/MarchingCubes.Table.cs: what scikit-image (0.19.3) makes of a binary label at level 0.5 in each of the
256 cubes of eight voxel centres. Each is asked on its own; that a mesh is the sum of its cubes is checked here on random volumes.

Cube c: bit 0 to 7 are the voxels (i, j, k) = (0,0,0), (1,0,0), (0,1,0), (1,1,0), (0,0,1), ... Entry: the volume within the cube in 48ths,
then its triangles as three letters each: midpoints of the edges along i (a b c d), j (e f g h), k (i j k l), and m for the centre.
"""
import sys
from fractions import Fraction
import numpy as np
from skimage import __version__
from skimage.measure import marching_cubes

MIDPOINTS = [(1, 0, 0), (1, 2, 0), (1, 0, 2), (1, 2, 2), (0, 1, 0), (2, 1, 0), (0, 1, 2), (2, 1, 2), (0, 0, 1), (2, 0, 1), (0, 2, 1), (2, 2, 1), (1, 1, 1)]
LETTER = {point: "abcdefghijklm"[at] for at, point in enumerate(MIDPOINTS)}


def corners(c):
    return np.array([[[c >> (i + 2 * j + 4 * k) & 1 for k in (0, 1)] for j in (0, 1)] for i in (0, 1)], float)


def triangles(c):
    """Vertices in half voxels, [triangle, corner, axis]."""
    if c in (0, 255):
        return np.zeros((0, 3, 3), int)
    vertices, faces, _, _ = marching_cubes(corners(c), 0.5)
    halves = np.rint(2 * vertices).astype(int)
    assert np.abs(2 * vertices - halves).max() < 1e-5
    return halves[faces]


def inside_of_face(square, around):
    """Share of a cube's face that is inside; around: for a face with two opposite corners inside, whether the mesh goes around each of them."""
    count = square.sum()
    if count == 2 and square[0, 0] == square[1, 1]:
        return Fraction(1, 4) if around else Fraction(3, 4)
    return [Fraction(0), Fraction(1, 8), Fraction(1, 2), Fraction(7, 8), Fraction(1)][int(count)]


def volume(c):
    """Of the inside within the cube, by the divergence theorem about its centre: the triangles, and what is inside of the six faces."""
    cube, total = corners(c), Fraction(0)
    for triangle in triangles(c):
        # scikit-image winds them so that normals point inwards
        total -= Fraction(int(np.rint(np.linalg.det(triangle - 1))), 48)
    for axis in range(3):
        for side in (0, 1):
            square = np.take(cube, side, axis)
            around = None
            for triangle in triangles(c):
                for p, q in ((0, 1), (1, 2), (2, 0)):
                    if triangle[p][axis] == triangle[q][axis] == 2 * side:
                        # the voxel between the two midpoints
                        corner = np.delete(triangle[p] + triangle[q], axis)
                        if (corner != 2).all() and around is not False:
                            around = bool(square[tuple((corner > 2).astype(int))])
            total += inside_of_face(square, around) / 6
    return total


def main():
    table = [(volume(c), triangles(c)) for c in range(256)]
    assert table[1][0] == Fraction(1, 48)  # one corner, cut off in the middle of its three edges
    random = np.random.default_rng(1)
    for _ in range(20):
        label = np.pad((random.random((6, 7, 8)) < random.random()).astype(int), 1)
        if label.sum() == 0:
            continue
        size = np.array(label.shape) - 1
        cube = sum(label[i:i + size[0], j:j + size[1], k:k + size[2]] << (i + 2 * j + 4 * k) for i in (0, 1) for j in (0, 1) for k in (0, 1))
        vertices, faces, _, _ = marching_cubes(label.astype(float), 0.5)
        mesh = vertices[faces].astype(float)
        area = np.linalg.norm(np.cross(mesh[:, 1] - mesh[:, 0], mesh[:, 2] - mesh[:, 0]), axis=1).sum() / 2
        inside = abs(np.linalg.det(mesh).sum() / 6)
        parts = np.array([np.linalg.norm(np.cross(t[:, 1] - t[:, 0], t[:, 2] - t[:, 0]), axis=1).sum() / 8 for _, t in table])
        assert abs(parts[cube].sum() / area - 1) < 1e-6, (parts[cube].sum(), area)
        assert abs(float(sum(table[c][0] for c in cube.ravel())) / inside - 1) < 1e-6, (float(sum(table[c][0] for c in cube.ravel())), inside)
    print(f"scikit-image {__version__}", file=sys.stderr)
    line = ""
    for inside, mesh in table:
        entry = f"{inside * 48}" + "".join(LETTER[tuple(int(x) for x in vertex)] for triangle in mesh for vertex in triangle)
        if len(line) + len(entry) > 140:
            print(line)
            line = ""
        line += (" " if line else "") + entry
    print(line)


if __name__ == "__main__":
    main()
