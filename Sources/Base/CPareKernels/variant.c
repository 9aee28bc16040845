#include "pare_kernels.h"

bool pare_variant_is_available(pare_variant variant) {
  switch (variant) {
    case PARE_PORTABLE: return true;
#if defined(__x86_64__)
    case PARE_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case PARE_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx2") &&
             __builtin_cpu_supports("fma");
#else
    case PARE_AVX2:
    case PARE_AVX512: return false;
#endif
  }
  return false;
}

pare_variant pare_best_variant(void) {
  if (pare_variant_is_available(PARE_AVX512)) return PARE_AVX512;
  if (pare_variant_is_available(PARE_AVX2)) return PARE_AVX2;
  return PARE_PORTABLE;
}

const char *pare_variant_name(pare_variant variant) {
  switch (variant) {
    case PARE_PORTABLE: return "portable";
    case PARE_AVX2: return "avx2";
    case PARE_AVX512: return "avx512";
  }
  return "unknown";
}
