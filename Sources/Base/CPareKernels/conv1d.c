#include "dispatch.h"

#define PARE_BODY "conv1d_body.h"
#include "instantiate.h"

void pare_conv1d_forward(
    pare_variant variant, const pare_conv1d *shape, size_t count, const float *x,
    const float *weights, const float *biases, float *y) {
  DISPATCH(variant, conv1d_forward, shape, count, x, weights, biases, y);
}

void pare_conv1d_weight_gradient(
    pare_variant variant, const pare_conv1d *shape, size_t count, const float *x,
    const float *gradient, float *weight_lanes, float *bias_lanes) {
  DISPATCH(
      variant, conv1d_weight_gradient, shape, count, x, gradient, weight_lanes, bias_lanes);
}

void pare_conv1d_flip(const pare_conv1d *shape, const float *weights, float *flipped) {
  const size_t taps = shape->kernel_size;
  for (size_t o = 0; o < shape->output_channels; ++o)
    for (size_t i = 0; i < shape->input_channels; ++i)
      for (size_t k = 0; k < taps; ++k)
        flipped[(i * shape->output_channels + o) * taps + taps - 1 - k] =
            weights[(o * shape->input_channels + i) * taps + k];
}
