"""How lit runs the compiler's FileCheck tests."""

import os
import sys

import lit.formats

config.name = "tilewright-compiler"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.tilewright_obj_root, "test", "compiler")
config.environment["PATH"] = os.pathsep.join(
    [config.tilewright_tools_dir, config.llvm_tools_dir, os.environ["PATH"]]
)
config.substitutions.append(("%python", sys.executable))
