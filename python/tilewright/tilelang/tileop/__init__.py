"""`tilelang.tileop`."""
