//===- Translation.h - Emitters for the command line ------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_TARGET_TRANSLATION_H
#define TILEWRIGHT_COMPILER_TARGET_TRANSLATION_H

namespace tilewright {

/// Makes --emit-reader, --emit-compute, --emit-writer, --emit-host,
/// --emit-cmake,
/// --emit-plan and --emit-all known to translation tools. --emit-kernel is
/// registered with the kernel emitter.
void registerProgramTranslations();

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_TRANSLATION_H
