"""`tilelang.carver.roller`: names that programs import beside the templates."""
