"""`tilelang.contrib`: what programs ask about a GPU's tools."""
