// Another place of <tt-metalium/host_api.hpp>.
#pragma once
#include <tt-metalium/host_api.hpp>
