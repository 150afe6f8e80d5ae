// The place of this header before December 2025.
#pragma once
#include "api/remote_circular_buffer.h"
