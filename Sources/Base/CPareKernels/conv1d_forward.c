#include "dispatch.h"

#define PARE_BODY "conv1d_forward_body.h"
#include "instantiate.h"

void pare_conv1d_forward(
    pare_variant variant, const pare_conv1d *shape, size_t count, const float *x,
    const float *weights, const float *biases, float *y) {
  DISPATCH(variant, conv1d, shape, count, x, weights, biases, PARE_IDENTITY, 0.0f, NULL, y);
}

void pare_conv1d_activated(
    pare_variant variant, const pare_conv1d *shape, size_t count, const float *x,
    const float *weights, const float *biases, pare_activation activation, float slope, float *y) {
  DISPATCH(variant, conv1d, shape, count, x, weights, biases, activation, slope, NULL, y);
}

void pare_conv1d_input_gradient(
    pare_variant variant, const pare_conv1d *shape, size_t count, const float *gradient,
    const float *flipped, pare_activation activation, float slope, const float *signals,
    float *y) {
  DISPATCH(
      variant, conv1d, shape, count, gradient, flipped, NULL, activation, slope, signals, y);
}

void pare_conv1d_flip(const pare_conv1d *shape, const float *weights, float *flipped) {
  const size_t taps = shape->kernel_size;
  for (size_t o = 0; o < shape->output_channels; ++o)
    for (size_t i = 0; i < shape->input_channels; ++i)
      for (size_t k = 0; k < taps; ++k)
        flipped[(i * shape->output_channels + o) * taps + taps - 1 - k] =
            weights[(o * shape->input_channels + i) * taps + k];
}
