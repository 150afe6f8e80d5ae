# Python and nanobind, found through the running interpreter.
find_package(Python 3.10 REQUIRED COMPONENTS Interpreter Development.Module)
execute_process(
  COMMAND ${Python_EXECUTABLE} -m nanobind --cmake_dir
  OUTPUT_STRIP_TRAILING_WHITESPACE OUTPUT_VARIABLE nanobind_ROOT
  RESULT_VARIABLE _nanobind_missing ERROR_QUIET)
if(_nanobind_missing)
  message(FATAL_ERROR
    "nanobind is not installed for ${Python_EXECUTABLE}: "
    "run '${Python_EXECUTABLE} -m pip install nanobind'")
endif()
find_package(nanobind CONFIG REQUIRED)

# tilewright_python_module(NAME sources...): an extension module placed in the
# source tree's package when building in place, and installed into the wheel.
function(tilewright_python_module name)
  nanobind_add_module(${name} NB_STATIC NOMINSIZE ${ARGN})
  target_compile_options(nanobind-static PRIVATE -w)
  set_target_properties(${name} PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/python/tilewright)
  install(TARGETS ${name} LIBRARY DESTINATION tilewright)
endfunction()
