#include "dispatch.h"

#define PARE_BODY "conv1d_gradient_body.h"
#include "instantiate.h"

void pare_conv1d_weight_gradient(
    pare_variant variant, const pare_conv1d *shape, size_t count, const float *x,
    const float *gradient, float *weight_lanes, float *bias_lanes) {
  DISPATCH(
      variant, conv1d_weight_gradient, shape, count, x, gradient, weight_lanes, bias_lanes);
}
