// Convolution and its weight gradient for one instruction set; see pare_kernels.h for the contracts.
#include "vector.h"

/// `outputs` channels x `registers` * W samples of the forward pass, in registers throughout.
INLINE PARE_TARGET void NAME(forward_tile)(
    const pare_conv1d *shape, const float *x, const float *weights, const float *biases, float *y,
    size_t outputs, size_t registers) {
  const size_t taps = shape->kernel_size;
  const size_t row = shape->input_channels * taps;
  V sum[4][8];
#pragma clang loop unroll(full)
  for (size_t o = 0; o < outputs; ++o) {
    V bias = NAME(splat)(biases ? biases[o] : 0.0f);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < registers; ++r) sum[o][r] = bias;
  }
  const float *weight = weights;
  for (size_t i = 0; i < shape->input_channels; ++i) {
    const float *newest = x + i * shape->input_stride + (taps - 1);
    for (size_t k = 0; k < taps; ++k, --newest, ++weight) {
      V factor[4];
#pragma clang loop unroll(full)
      for (size_t o = 0; o < outputs; ++o) factor[o] = NAME(splat)(weight[o * row]);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < registers; ++r) {
        V sample = NAME(load)(newest + r * W);
#pragma clang loop unroll(full)
        for (size_t o = 0; o < outputs; ++o) sum[o][r] = NAME(fma)(factor[o], sample, sum[o][r]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t o = 0; o < outputs; ++o) {
#pragma clang loop unroll(full)
    for (size_t r = 0; r < registers; ++r)
      NAME(store)(y + o * shape->output_stride + r * W, sum[o][r]);
  }
}

/// All samples of `outputs` channels. The last tile may overlap the one before: it writes the same values again.
INLINE PARE_TARGET void NAME(forward_rows)(
    const pare_conv1d *shape, size_t count, const float *x, const float *weights,
    const float *biases, float *y, size_t outputs, size_t registers) {
  const size_t tile = registers * W;
  size_t t = 0;
  for (; t + tile <= count; t += tile)
    NAME(forward_tile)(shape, x + t, weights, biases, y + t, outputs, registers);
  if (t == count) return;
  if (count >= tile && count - t > W) {
    t = count - tile;
    NAME(forward_tile)(shape, x + t, weights, biases, y + t, outputs, registers);
    return;
  }
  if (count >= W) {
    while (t < count) {
      if (t + W > count) t = count - W;
      NAME(forward_tile)(shape, x + t, weights, biases, y + t, outputs, 1);
      t += W;
    }
    return;
  }
  const size_t taps = shape->kernel_size;
  for (size_t o = 0; o < outputs; ++o) {
    for (size_t n = 0; n < count; ++n) {
      float sum = biases ? biases[o] : 0.0f;
      for (size_t i = 0; i < shape->input_channels; ++i)
        for (size_t k = 0; k < taps; ++k)
          sum = __builtin_fmaf(
              weights[(o * shape->input_channels + i) * taps + k],
              x[i * shape->input_stride + n + taps - 1 - k], sum);
      y[o * shape->output_stride + n] = sum;
    }
  }
}

PARE_TARGET static void NAME(conv1d_forward)(
    const pare_conv1d *shape, size_t count, const float *x, const float *weights,
    const float *biases, float *y) {
  const size_t row = shape->input_channels * shape->kernel_size;
  size_t o = 0;
#define ROWS(n, registers)                                                          \
  NAME(forward_rows)(                                                               \
      shape, count, x, weights + o * row, biases ? biases + o : NULL,               \
      y + o * shape->output_stride, n, registers)
  // Sums, one weight per output and one sample must fit the register file: 16 + 4 + 1 of 32, or 12 + 2 + 1 of 16.
#if MANY_REGISTERS
  for (; o + 4 <= shape->output_channels; o += 4) ROWS(4, 4);
#endif
  for (; o + 2 <= shape->output_channels; o += 2) ROWS(2, 6);
  if (o < shape->output_channels) ROWS(1, 8);
#undef ROWS
}

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
        V sample = NAME(load)(newest + t - k);
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
    const float *newest = x + i * shape->input_stride + taps - 1;
    size_t k = 0;
    for (size_t group = 0; group < groups; ++group) {
      const size_t size = taps / groups + (group < taps % groups);
      float *at = lanes + (i * taps + k) * PARE_LANES;
      switch (size) {
        case 1: NAME(gradient_tile)(shape, count, newest - k, gradient, at, outputs, 1); break;
        case 2: NAME(gradient_tile)(shape, count, newest - k, gradient, at, outputs, 2); break;
        case 3: NAME(gradient_tile)(shape, count, newest - k, gradient, at, outputs, 3); break;
        case 4: NAME(gradient_tile)(shape, count, newest - k, gradient, at, outputs, 4); break;
        default: NAME(gradient_tile)(shape, count, newest - k, gradient, at, outputs, 5); break;
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
