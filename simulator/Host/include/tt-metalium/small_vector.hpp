// Another place of <tt_stl/small_vector.hpp>.
#pragma once
#include <tt_stl/small_vector.hpp>
