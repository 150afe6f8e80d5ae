//===- Precompiled.cpp - Owner of the precompiled header ------------------===//
//
// The target that other libraries take the precompiled header from needs one
// source file.
//
//===----------------------------------------------------------------------===//
