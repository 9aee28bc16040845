// The fastest multiply-adds that one instruction set has, for benchmarks; see pare_kernels.h for the contract.
#include "vector.h"

PARE_TARGET static size_t NAME(fma_probe)(size_t rounds, float *sink) {
  // Twelve chains cover four cycles of latency on two units, and three on four.
  V sum[12];
  for (size_t n = 0; n < 12; ++n) sum[n] = NAME(splat)(1.0f + (float)n);
  V factor = NAME(splat)(0.999f), addend = NAME(splat)(0.001f);
  KEEP(factor);
  KEEP(addend);
  for (size_t round = 0; round < rounds; ++round) {
#pragma clang loop unroll(full)
    for (size_t n = 0; n < 12; ++n) sum[n] = NAME(fma)(sum[n], factor, addend);
    KEEP(sum[0]);
  }
  V total = sum[0];
  for (size_t n = 1; n < 12; ++n) total += sum[n];
  NAME(store)(sink, total);
  return rounds * 12 * W * 2;
}
