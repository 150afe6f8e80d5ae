// Another place of <tt-metalium/work_split.hpp>.
#pragma once
#include <tt-metalium/work_split.hpp>
