// The watcher's ring buffer: values that the watcher would show after a hang.
#pragma once
#include "tilewright/prelude.h"
#define WATCHER_RING_BUFFER_PUSH(value) ((void)(value))
