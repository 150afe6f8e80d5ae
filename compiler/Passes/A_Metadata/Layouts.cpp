//===- Layouts.cpp - Every tensor and buffer has a layout -----------------===//

#include "compiler/Passes/A_Metadata/Layouts.h"

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageA.h"

using namespace mlir;

namespace tilewright {

FailureOr<tt::LayoutAttr> requireLayout(Value memref, Location location) {
  auto type = cast<MemRefType>(memref.getType());
  auto layout = dyn_cast_or_null<tt::LayoutAttr>(type.getMemorySpace());
  if (!layout)
    return emitCoded(location, Code::MissingLayout)
           << getBufferName(memref)
           << " has no #tt.layout after stage A; tt-infer-layout should have "
              "set it";
  for (int64_t dim : layout.getPlane())
    if (dim >= type.getRank())
      return emitCoded(location, Code::MalformedIR)
             << "the tile plane of " << getBufferName(memref)
             << " has dimension " << dim << ", its rank is " << type.getRank();
  auto format = metalium::getStorageFormat(type.getElementType());
  if (format && *format != layout.getFormat())
    return emitCoded(location, Code::MalformedIR)
           << getBufferName(memref) << " holds " << type.getElementType()
           << ", which tiles of " << tt::stringifyDataFormat(layout.getFormat())
           << " do not; tt-infer-layout sets "
           << tt::stringifyDataFormat(*format);
  return layout;
}

LogicalResult requireLayouts(tile::FuncOp func) {
  for (BlockArgument argument : func.getBody().getArguments())
    if (isa<MemRefType>(argument.getType()) &&
        failed(requireLayout(argument, argument.getLoc())))
      return failure();
  return failure(func.walk([](tile::AllocOp alloc) -> WalkResult {
                       return LogicalResult(
                           requireLayout(alloc.getBuffer(), alloc.getLoc()));
                     })
                     .wasInterrupted());
}

} // namespace tilewright
