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

PARE_TARGET static float NAME(squared_error)(
    size_t count, const float *prediction, const float *skip, const float *target, float scale,
    float *gradient) {
  V sum[PARE_LANES / W];
  for (size_t r = 0; r < PARE_LANES / W; ++r) sum[r] = NAME(splat)(0.0f);
  const V factor = NAME(splat)(scale);
  size_t t = 0, r = 0;
  for (; t + W <= count; t += W, r = (r + 1) % (PARE_LANES / W)) {
    V output = NAME(load)(prediction + t);
    if (skip) output += NAME(load)(skip + t);
    V error = output - NAME(load)(target + t);
    sum[r] = NAME(fma)(error, error, sum[r]);
    if (gradient) NAME(store)(gradient + t, factor * error);
  }
  if (t < count) {
    V output = NAME(load_some)(prediction + t, count - t);
    if (skip) output += NAME(load_some)(skip + t, count - t);
    V error = output - NAME(load_some)(target + t, count - t);
    sum[r] = NAME(fma)(error, error, sum[r]);
    if (gradient) NAME(store_some)(gradient + t, factor * error, count - t);
  }
  float lanes[PARE_LANES];
  for (size_t n = 0; n < PARE_LANES / W; ++n) NAME(store)(lanes + n * W, sum[n]);
  return NAME(sum_lanes)(lanes);
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
