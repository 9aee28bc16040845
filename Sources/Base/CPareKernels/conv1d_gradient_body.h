// Weight and bias gradients of a convolution for one instruction set; see pare_kernels.h for the contracts.
#include "vector.h"

/// Partial sums of `outputs` x `taps` neighbouring weights of one input channel. `newest` is the sample that the first of
/// the taps meets at time 0.
INLINE PARE_TARGET void NAME(gradient_tile)(
    const pare_conv1d *shape, size_t count, const float *newest, const float *gradient,
    float *lanes, size_t outputs, size_t taps) {
  const size_t row = shape->input_channels * shape->kernel_size * PARE_LANES;
#pragma clang loop unroll(disable)
  for (size_t lane = 0; lane < PARE_LANES; lane += W) {
    V sum[4][5];
#pragma clang loop unroll(full)
    for (size_t o = 0; o < outputs; ++o) {
#pragma clang loop unroll(full)
      for (size_t k = 0; k < taps; ++k)
        sum[o][k] = NAME(load)(lanes + o * row + k * PARE_LANES + lane);
    }
    for (size_t t = lane; t < count; t += PARE_LANES) {
      V slope[4];
#pragma clang loop unroll(full)
      for (size_t o = 0; o < outputs; ++o)
        slope[o] = NAME(load)(gradient + o * shape->output_stride + t);
#pragma clang loop unroll(full)
      for (size_t k = 0; k < taps; ++k) {
        V sample = NAME(load)(newest + t - k * shape->dilation);
#pragma clang loop unroll(full)
        for (size_t o = 0; o < outputs; ++o) sum[o][k] = NAME(fma)(slope[o], sample, sum[o][k]);
      }
    }
#pragma clang loop unroll(full)
    for (size_t o = 0; o < outputs; ++o) {
#pragma clang loop unroll(full)
      for (size_t k = 0; k < taps; ++k)
        NAME(store)(lanes + o * row + k * PARE_LANES + lane, sum[o][k]);
    }
  }
}

/// All input channels and taps of `outputs` channels, in near-equal groups of at most five taps.
INLINE PARE_TARGET void NAME(gradient_rows)(
    const pare_conv1d *shape, size_t count, const float *x, const float *gradient, float *lanes,
    size_t outputs) {
  const size_t taps = shape->kernel_size;
  const size_t groups = (taps + 4) / 5;
  for (size_t i = 0; i < shape->input_channels; ++i) {
    const float *newest = x + i * shape->input_stride + (taps - 1) * shape->dilation;
    size_t k = 0;
    for (size_t group = 0; group < groups; ++group) {
      const size_t size = taps / groups + (group < taps % groups);
      float *at = lanes + (i * taps + k) * PARE_LANES;
      switch (size) {
        case 1: NAME(gradient_tile)(shape, count, newest - k * shape->dilation, gradient, at, outputs, 1); break;
        case 2: NAME(gradient_tile)(shape, count, newest - k * shape->dilation, gradient, at, outputs, 2); break;
        case 3: NAME(gradient_tile)(shape, count, newest - k * shape->dilation, gradient, at, outputs, 3); break;
        case 4: NAME(gradient_tile)(shape, count, newest - k * shape->dilation, gradient, at, outputs, 4); break;
        default: NAME(gradient_tile)(shape, count, newest - k * shape->dilation, gradient, at, outputs, 5); break;
      }
      k += size;
    }
  }
}

PARE_TARGET static void NAME(conv1d_weight_gradient)(
    const pare_conv1d *shape, size_t count, const float *x, const float *gradient,
    float *weight_lanes, float *bias_lanes) {
  const size_t row = shape->input_channels * shape->kernel_size * PARE_LANES;
  size_t o = 0;
#define ROWS(n)                                                                     \
  NAME(gradient_rows)(                                                              \
      shape, count, x, gradient + o * shape->output_stride, weight_lanes + o * row, n)
  // Sixteen registers hold 4 x 3 sums; with more than three taps 2 x 5 reads less.
  if (MANY_REGISTERS || shape->kernel_size <= 3)
    for (; o + 4 <= shape->output_channels; o += 4) ROWS(4);
  for (; o + 2 <= shape->output_channels; o += 2) ROWS(2);
  if (o < shape->output_channels) ROWS(1);
#undef ROWS
  for (size_t c = 0; c < shape->output_channels; ++c) {
    const float *slope = gradient + c * shape->output_stride;
    V sum[PARE_LANES / W];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < PARE_LANES / W; ++r)
      sum[r] = NAME(load)(bias_lanes + c * PARE_LANES + r * W);
    for (size_t t = 0; t < count; t += PARE_LANES) {
#pragma clang loop unroll(full)
      for (size_t r = 0; r < PARE_LANES / W; ++r) sum[r] += NAME(load)(slope + t + r * W);
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < PARE_LANES / W; ++r)
      NAME(store)(bias_lanes + c * PARE_LANES + r * W, sum[r]);
  }
}
