"""What a plot file shows, without the figure that it was made of."""

from pathlib import Path

import numpy as np
from matplotlib import colors
from matplotlib.image import imread

MODEL = "#0072B2"  # the model's colour in every figure


def is_drawn(file: Path) -> bool:
    """Tell whether a picture has a curve, bar or point of the model, on white."""
    pixels = imread(file)[:, :, :3]
    model, white = (
        (np.abs(pixels - colors.to_rgb(c)).max(axis=2) < 0.01) for c in (MODEL, "white")
    )
    return bool(model.sum() > 100 and white.mean() > 0.5)
