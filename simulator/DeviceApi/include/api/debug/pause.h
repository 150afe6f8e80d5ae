// PAUSE() waits for a key on silicon; here it goes on.
#pragma once
#include "tilewright/prelude.h"
#define PAUSE()
