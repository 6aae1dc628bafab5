#!/usr/bin/env python3
"""
Prints hounsfield_golden.txt: what SciPy and numpy say of stored values. A line: slope, intercept, skewness, kurtosis less 3, interquartile range
(Hounsfield units), stored values. python3 hounsfield_golden.py > hounsfield_golden.txt
"""
import numpy as np
import scipy
from scipy import stats

random = np.random.default_rng(20261127)
print("# SciPy", scipy.__version__, "numpy", np.__version__)
draws = [
    lambda n: random.integers(-1000, 1000, n),
    lambda n: np.round(random.normal(150, 40, n)),
    lambda n: np.round(random.exponential(200, n) - 100),
    lambda n: -np.round(random.exponential(200, n)),
    lambda n: np.where(random.random(n) < 0.3, random.normal(-90, 15, n), random.normal(700, 60, n)).round(),
    lambda n: np.where(np.arange(n) == 0, 3071, random.integers(0, 3, n)),
    lambda n: 300_000 + random.integers(0, 50, n),
    lambda n: random.integers(0, 2, n),
]
for at in range(40):
    stored = draws[at % len(draws)](int(random.integers(3, 60))).astype(np.int64)
    if stored.min() == stored.max():
        continue
    slope, intercept = [(1, 0), (1, -1024), (-0.5, 10), (0.015625, 0), (2, 3)][at % 5]
    units = slope * stored + intercept
    print(slope, intercept, repr(float(stats.skew(units))), repr(float(stats.kurtosis(units))), repr(float(stats.iqr(units))), *stored)
