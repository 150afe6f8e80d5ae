"""`tilelang.carver.roller.rasterization`: orders of a GPU's blocks."""


class NoRasterization:
    """Blocks in row-major order."""


class Rasterization2DRow:
    """Blocks in panels of rows."""


class Rasterization2DColumn:
    """Blocks in panels of columns."""
