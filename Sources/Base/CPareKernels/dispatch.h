// Calls the variant of a kernel. Results must not depend on the compiler's choice to fuse: fusing is always explicit.
#ifndef PARE_DISPATCH_H
#define PARE_DISPATCH_H

#include "pare_kernels.h"

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define DISPATCH(variant, f, ...)                       \
  switch (variant) {                                    \
    case PARE_AVX512: return f##_avx512(__VA_ARGS__);   \
    case PARE_AVX2: return f##_avx2(__VA_ARGS__);       \
    case PARE_PORTABLE: return f##_portable(__VA_ARGS__); \
  }                                                     \
  __builtin_unreachable()
#else
#define DISPATCH(variant, f, ...) \
  (void)(variant);                \
  return f##_portable(__VA_ARGS__)
#endif

#endif
