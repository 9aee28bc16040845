#include "pare_kernels.h"

#include <stdlib.h>
#include <string.h>

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

static pare_variant fastest_variant(void) {
  if (pare_variant_is_available(PARE_AVX512)) return PARE_AVX512;
  if (pare_variant_is_available(PARE_AVX2)) return PARE_AVX2;
  return PARE_PORTABLE;
}

const char *pare_wanted_variant(void) {
  const char *wanted = getenv("PARE_KERNELS");
  return wanted && *wanted ? wanted : NULL;
}

pare_variant pare_best_variant(void) {
  const char *wanted = pare_wanted_variant();
  if (wanted)
    for (int v = 0; v < PARE_VARIANT_COUNT; ++v)
      if (strcmp(wanted, pare_variant_name(v)) == 0 && pare_variant_is_available(v)) return v;
  return fastest_variant();
}

const char *pare_variant_name(pare_variant variant) {
  switch (variant) {
    case PARE_PORTABLE: return "portable";
    case PARE_AVX2: return "avx2";
    case PARE_AVX512: return "avx512";
  }
  return "unknown";
}
