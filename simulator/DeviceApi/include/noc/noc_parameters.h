// Limits of the NoC are part of what every data-movement kernel includes.
#pragma once
#include "api/dataflow/dataflow_api.h"
