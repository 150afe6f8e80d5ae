"""`tilelang.carver`: what programs ask of the machine."""
