// The C library of a 64-bit machine has no list of stubs for 32 bits.
