//===- Dialects.cpp - The dialects that the compiler knows ----------------===//

#include "compiler/Driver/Dialects.h"

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/Pipeline.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;

namespace tilewright {

void registerTilewrightDialects(DialectRegistry &registry) {
  registry.insert<arith::ArithDialect, math::MathDialect, memref::MemRefDialect,
                  scf::SCFDialect, tile::TileDialect, tt::TTDialect,
                  metalium::MetaliumDialect>();
}

namespace {
/// CompileOptions as pipeline options.
struct PipelineOptions : PassPipelineOptions<PipelineOptions> {
  Option<std::string> chip{*this, "chip",
                           llvm::cl::desc("n150, n300, p100a or p150"),
                           llvm::cl::init("n150")};
  ListOption<int64_t> coreGrid{
      *this, "core-grid", llvm::cl::desc("columns,rows; default: the chip's")};
  Option<std::string> metaliumApi{*this, "metalium-api",
                                  llvm::cl::desc("2026-08 or 2026-03"),
                                  llvm::cl::init("2026-08")};
  Option<std::string> mathFidelity{
      *this, "math-fidelity", llvm::cl::desc("LoFi, HiFi2, HiFi3 or HiFi4"),
      llvm::cl::init("HiFi4")};
  Option<bool> fastMath{*this, "fast-math",
                        llvm::cl::desc("approximate SFPU functions"),
                        llvm::cl::init(false)};
  Option<bool> dstFullSync{*this, "dst-full-sync",
                           llvm::cl::desc("one DST section, twice the tiles"),
                           llvm::cl::init(false)};
};
} // namespace

void registerTilewrightPipeline() {
  PassPipelineRegistration<PipelineOptions>(
      "tt-pipeline", "The passes of a compilation, in order",
      [](OpPassManager &manager, const PipelineOptions &given) {
        CompileOptions options;
        options.chip = given.chip;
        if (given.coreGrid.size() == 2)
          options.coreGrid = {given.coreGrid[0], given.coreGrid[1]};
        options.metaliumApi = given.metaliumApi;
        options.mathFidelity = given.mathFidelity;
        options.fastMath = given.fastMath;
        options.dstFullSync = given.dstFullSync;
        buildPipeline(manager, options);
      });
}

std::vector<std::string> pipelinePasses(bool scalar) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  PassManager manager(&context, ModuleOp::getOperationName());
  CompileOptions options;
  options.scalar = scalar;
  buildPipeline(manager, options);
  std::vector<std::string> names;
  for (Pass &pass : manager.getPasses())
    names.push_back(pass.getArgument().str());
  return names;
}

} // namespace tilewright
