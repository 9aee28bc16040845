// Sums over lanes, the loss, and the optimizer's step for one instruction set; see pare_kernels.h for the contracts.
#include "vector.h"

typedef float NAME(quarter) __attribute__((vector_size(16)));
typedef float NAME(loose_quarter) __attribute__((vector_size(16), aligned(4), may_alias));

/// The tree of pare_reduce_lanes, four lanes at a time.
INLINE PARE_TARGET float NAME(sum_lanes)(const float *lanes) {
  const NAME(loose_quarter) *quarters = (const NAME(loose_quarter) *)lanes;
  NAME(quarter) low = quarters[0] + quarters[2];
  NAME(quarter) high = quarters[1] + quarters[3];
  NAME(quarter) sums = low + high;
  return (sums[0] + sums[2]) + (sums[1] + sums[3]);
}

PARE_TARGET static void NAME(reduce_lanes)(size_t count, const float *lanes, float *sums) {
  for (size_t n = 0; n < count; ++n) sums[n] = NAME(sum_lanes)(lanes + n * PARE_LANES);
}

/// Errors of W samples: adds their squares, gives their slopes.
INLINE PARE_TARGET V NAME(error_of)(V output, V target, V factor, V *sum) {
  V error = output - target;
  *sum = NAME(fma)(error, error, *sum);
  return factor * error;
}

/// With or without skip and gradient, which the compiler knows where this is inlined.
INLINE PARE_TARGET float NAME(squared_error_of)(
    size_t count, const float *prediction, const float *skip, const float *target, float scale,
    float *gradient) {
  V sum[PARE_LANES / W];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < PARE_LANES / W; ++r) sum[r] = NAME(splat)(0.0f);
  const V factor = NAME(splat)(scale);
  size_t t = 0;
  for (; t + PARE_LANES <= count; t += PARE_LANES) {
#pragma clang loop unroll(full)
    for (size_t r = 0; r < PARE_LANES / W; ++r) {
      const size_t at = t + r * W;
      V output = NAME(load)(prediction + at);
      if (skip) output += NAME(load)(skip + at);
      V slope = NAME(error_of)(output, NAME(load)(target + at), factor, &sum[r]);
      if (gradient) NAME(store)(gradient + at, slope);
    }
  }
  float lanes[PARE_LANES];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < PARE_LANES / W; ++r) NAME(store)(lanes + r * W, sum[r]);
  for (; t < count; t += W) {
    const size_t rest = count - t < W ? count - t : W;
    V output = NAME(load_some)(prediction + t, rest);
    if (skip) output += NAME(load_some)(skip + t, rest);
    float *lane = lanes + t % PARE_LANES;
    V part = NAME(load)(lane);
    V slope = NAME(error_of)(output, NAME(load_some)(target + t, rest), factor, &part);
    NAME(store)(lane, part);
    if (gradient) NAME(store_some)(gradient + t, slope, rest);
  }
  return NAME(sum_lanes)(lanes);
}

PARE_TARGET static float NAME(squared_error)(
    size_t count, const float *prediction, const float *skip, const float *target, float scale,
    float *gradient) {
  if (gradient && !skip)
    return NAME(squared_error_of)(count, prediction, NULL, target, scale, gradient);
  if (gradient) return NAME(squared_error_of)(count, prediction, skip, target, scale, gradient);
  if (!skip) return NAME(squared_error_of)(count, prediction, NULL, target, scale, NULL);
  return NAME(squared_error_of)(count, prediction, skip, target, scale, NULL);
}

/// The new value of W parameters; `first` and `second` are updated.
INLINE PARE_TARGET V NAME(adam_of)(
    const pare_adam *constants, V gradient, V trainable, V parameter, V *first, V *second) {
  V g = gradient * trainable;
  V m = NAME(fma)(NAME(splat)(1.0f - constants->beta1), g - *first, *first);
  V v = NAME(fma)(NAME(splat)(1.0f - constants->beta2), NAME(fma)(g, g, -*second), *second);
  *first = m;
  *second = v;
  V size = __builtin_elementwise_sqrt(v * NAME(splat)(constants->correction2)) +
           NAME(splat)(constants->epsilon);
  V step = NAME(splat)(constants->rate) * (m * NAME(splat)(constants->correction1)) / size;
  return NAME(fma)(-step, trainable, parameter);
}

PARE_TARGET static void NAME(adam_step)(
    size_t count, const pare_adam *constants, const float *gradient, const float *trainable,
    float *parameters, float *first, float *second) {
  size_t n = 0;
  for (; n + W <= count; n += W) {
    V m = NAME(load)(first + n), v = NAME(load)(second + n);
    V value = NAME(adam_of)(
        constants, NAME(load)(gradient + n), NAME(load)(trainable + n), NAME(load)(parameters + n),
        &m, &v);
    NAME(store)(first + n, m);
    NAME(store)(second + n, v);
    NAME(store)(parameters + n, value);
  }
  if (n < count) {
    const size_t rest = count - n;
    V m = NAME(load_some)(first + n, rest), v = NAME(load_some)(second + n, rest);
    V value = NAME(adam_of)(
        constants, NAME(load_some)(gradient + n, rest), NAME(load_some)(trainable + n, rest),
        NAME(load_some)(parameters + n, rest), &m, &v);
    NAME(store_some)(first + n, m, rest);
    NAME(store_some)(second + n, v, rest);
    NAME(store_some)(parameters + n, value, rest);
  }
}
