"""Array aliases.

Shape letters: T territories, K sectors, N companies, S strata, W water nodes, C seats, P pacts, B bodies.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
IdArray = NDArray[np.uint64]
TickArray = NDArray[np.int32]  # ticks and rows of columns that every company carries
FormArray = NDArray[np.int8]
