#!/usr/bin/env python3
"""
Prints SciPy's skewness, kurtosis less 3 and interquartile range of the Hounsfield units of each label, as GenuineScansTests has them.
python3 hounsfield_shape.py <mask> <CT>
"""
import sys

import nibabel
import numpy as np
from scipy import stats

mask, ct = (np.asanyarray(nibabel.load(file).dataobj) for file in sys.argv[1:])
for label in np.unique(mask[mask > 0]):
    units = ct[mask == label].astype(float)
    print(int(label), repr(float(stats.skew(units))), repr(float(stats.kurtosis(units))), repr(float(stats.iqr(units))))
