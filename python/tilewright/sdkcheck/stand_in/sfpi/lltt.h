// Comes with the kernel compiler; UNPACK and PACK call nothing of it.
#pragma once
