#!/usr/bin/env python3
"""Writes GoldenAffines.cs: random headers and the affine that nibabel 5.0.0 (numpy 1.24) gives for each.

    python3 golden_affines.py > GoldenAffines.cs
"""
import numpy as np
import nibabel as nib

rng = np.random.default_rng(20)
print("""namespace VerseEtl.Extract.Tests.Nifti;

/// <summary>Headers and nibabel's affine for each, row-major; made by golden_affines.py beside this file.</summary>
internal static class GoldenAffines
{
    /// <summary>Fields as stored in the header, in its own precision.</summary>
    internal sealed record Case(int Version, bool BigEndian, int[] Shape, double[] Pixdim, int QformCode, int SformCode,
        double[] Quatern, double[] Qoffset, double[] Srow, double[] Affine);

    public static IReadOnlyList<Case> Cases { get; } =
    [""")


def numbers(values):
    return "[" + ", ".join(repr(float(v)) for v in values) + "]"


def unit(v):
    return v / np.linalg.norm(v)


for n in range(40):
    version, order = 1 + n % 2, "<>"[n // 2 % 2]
    header = (nib.Nifti1Header if version == 1 else nib.Nifti2Header)(endianness=order)
    shape = rng.integers(2, 600, 3)
    header.set_data_shape(shape)
    header.set_data_dtype(np.uint8)
    header["pixdim"][1:4] = rng.uniform(0.1, 5, 3)
    header["pixdim"][0] = rng.choice([-1, 1])
    quaternion = unit(rng.normal(size=4))
    quaternion *= np.sign(quaternion[0])
    if n % 5 == 0:  # half turns: the first part is nearly nothing
        quaternion = unit(np.r_[rng.uniform(0, 1e-4), quaternion[1:]]) * (1 - 1e-7)
    header["quatern_b"], header["quatern_c"], header["quatern_d"] = quaternion[1:]
    header["qoffset_x"], header["qoffset_y"], header["qoffset_z"] = rng.uniform(-300, 300, 3)
    for row in "xyz":
        header["srow_" + row] = rng.uniform(-3, 3, 4)
    header["qform_code"], header["sform_code"] = [(1, 0), (0, 0), (1, 0), (0, 2)][n // 4 % 4]
    affine = header.get_best_affine()
    quatern = [header["quatern_" + c] for c in "bcd"]
    qoffset = [header["qoffset_" + c] for c in "xyz"]
    srow = np.concatenate([header["srow_" + c] for c in "xyz"])
    print(f"        new({version}, {'true' if order == '>' else 'false'}, [{', '.join(str(s) for s in shape)}], {numbers(header['pixdim'][:4])}, "
          f"{header['qform_code']}, {header['sform_code']},\n            {numbers(quatern)}, {numbers(qoffset)},\n            {numbers(srow)},\n"
          f"            {numbers(affine[:3].ravel())}),")
print("""    ];
}""")
