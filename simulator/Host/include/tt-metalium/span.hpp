// Another place of <tt_stl/span.hpp>.
#pragma once
#include <tt_stl/span.hpp>
