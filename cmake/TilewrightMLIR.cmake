# MLIR 22 as static archives, with one precompiled header for all of compiler/.
find_package(MLIR 22.1 REQUIRED CONFIG
  HINTS /usr/lib/llvm-22/lib/cmake/mlir)
list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
set(MLIR_BINARY_DIR ${CMAKE_BINARY_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

# Debian's archives name the shared LLVM library in their link interface; mixing
# both in one process registers every option twice. Use the archives throughout.
function(tilewright_use_static_llvm)
  foreach(_target IN LISTS MLIR_EXPORTED_TARGETS)
    if(TARGET ${_target})
      get_target_property(_links ${_target} INTERFACE_LINK_LIBRARIES)
      if(_links AND "LLVM" IN_LIST _links)
        list(REMOVE_ITEM _links LLVM)
        list(APPEND _links LLVMSupport LLVMRemarks)
        set_target_properties(${_target} PROPERTIES
          INTERFACE_LINK_LIBRARIES "${_links}")
      endif()
    endif()
  endforeach()
endfunction()
tilewright_use_static_llvm()

# Include paths and the precompiled header of every compiler library. 80 % of a
# translation unit's time is MLIR's headers.
set(TILEWRIGHT_PCH_HEADER ${CMAKE_SOURCE_DIR}/compiler/Support/Precompiled.h)

add_library(tilewright_mlir INTERFACE)
target_include_directories(tilewright_mlir SYSTEM INTERFACE
  ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
target_include_directories(tilewright_mlir INTERFACE
  ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_compile_options(tilewright_mlir INTERFACE
  -Wno-unused-parameter -Xclang -fno-pch-timestamp)
# Debian's MLIR is built without assertions and without exceptions.
target_compile_definitions(tilewright_mlir INTERFACE NDEBUG)

add_library(tilewright_pch STATIC ${CMAKE_SOURCE_DIR}/compiler/Support/Precompiled.cpp)
target_link_libraries(tilewright_pch PUBLIC tilewright_mlir)
target_precompile_headers(tilewright_pch PRIVATE ${TILEWRIGHT_PCH_HEADER})

# tilewright_compiler_library(NAME SOURCES... [DEPENDS tablegen targets]
#                             [LINK libraries])
function(tilewright_compiler_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC tilewright_mlir ${ARG_LINK})
  target_precompile_headers(${name} REUSE_FROM tilewright_pch)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# tilewright_tablegen(FILE.td OUT.inc args...): one output of mlir-tblgen, beside
# the source's place in the build tree. Collects into TILEWRIGHT_TABLEGEN_OUTPUTS.
macro(tilewright_tablegen td out)
  set(LLVM_TARGET_DEFINITIONS ${td})
  mlir_tablegen(${out} ${ARGN} -I${CMAKE_SOURCE_DIR} -I${MLIR_INCLUDE_DIRS})
endmacro()
