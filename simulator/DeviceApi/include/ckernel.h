// What the vendor's base header brings is there for every kernel.
#pragma once
#include "tilewright/mailbox.h"
#include "tilewright/prelude.h"
#ifdef TW_COMPUTE
#include "tilewright/compute.h"
#endif
