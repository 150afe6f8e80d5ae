// DeviceZoneScopedN and the like are there for every kernel.
#pragma once
#include "tilewright/prelude.h"
