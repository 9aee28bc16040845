#include "dispatch.h"

#define PARE_BODY "optimizer_body.h"
#include "instantiate.h"

void pare_reduce_lanes(pare_variant variant, size_t count, const float *lanes, float *sums) {
  DISPATCH(variant, reduce_lanes, count, lanes, sums);
}

float pare_squared_error(
    pare_variant variant, size_t count, const float *prediction, const float *skip,
    const float *target, float scale, float *gradient) {
  DISPATCH(variant, squared_error, count, prediction, skip, target, scale, gradient);
}

void pare_adam_step(
    pare_variant variant, size_t count, const pare_adam *constants, const float *gradient,
    const float *trainable, float *parameters, float *first, float *second) {
  DISPATCH(
      variant, adam_step, count, constants, gradient, trainable, parameters, first, second);
}

void pare_prefetch(size_t count, const float *x) {
  // A cache line holds 16; the last one may begin behind the last whole step.
  for (size_t n = 0; n < count; n += 16) __builtin_prefetch(x + n, 0, 2);
  __builtin_prefetch(x + count - 1, 0, 2);
}
