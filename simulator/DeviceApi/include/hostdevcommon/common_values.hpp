// Values of semaphores.
#pragma once
#include "tilewright/prelude.h"
