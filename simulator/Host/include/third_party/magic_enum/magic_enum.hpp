// Another place of <magic_enum/magic_enum.hpp>.
#pragma once
#include <magic_enum/magic_enum.hpp>
