// Weight and bias gradients of a convolution for one instruction set; see pare_kernels.h for the contracts.
#include "vector.h"

/// Partial sums of `outputs` channels x `columns` neighbouring weights of each, in registers over all samples.
///
/// A column is one tap of one input channel; `samples` are the ones that the columns meet at time 0.
INLINE PARE_TARGET void NAME(gradient_tile)(
    size_t count, const float *const *samples, const float *gradient, size_t gradient_stride,
    float *lanes, size_t lanes_stride, size_t outputs, size_t columns) {
  const float *sample[12];
#pragma clang loop unroll(full)
  for (size_t c = 0; c < columns; ++c) sample[c] = samples[c];
#pragma clang loop unroll(disable)
  for (size_t lane = 0; lane < PARE_LANES; lane += W) {
    V sum[4][12];
#pragma clang loop unroll(full)
    for (size_t o = 0; o < outputs; ++o) {
#pragma clang loop unroll(full)
      for (size_t c = 0; c < columns; ++c)
        sum[o][c] = NAME(load)(lanes + o * lanes_stride + c * PARE_LANES + lane);
    }
#pragma clang loop unroll(disable)
    for (size_t t = lane; t < count; t += PARE_LANES) {
      // The fewer of the two stay in registers, the others pass through one.
      if (outputs >= columns) {
        V column[12];
#pragma clang loop unroll(full)
        for (size_t c = 0; c < columns; ++c) column[c] = NAME(load)(sample[c] + t);
#pragma clang loop unroll(full)
        for (size_t o = 0; o < outputs; ++o) {
          V slope = NAME(load)(gradient + o * gradient_stride + t);
#pragma clang loop unroll(full)
          for (size_t c = 0; c < columns; ++c) sum[o][c] = NAME(fma)(slope, column[c], sum[o][c]);
#pragma clang loop unroll(full)
          for (size_t c = 0; c < columns; ++c) KEEP(sum[o][c]);
        }
      } else {
        V slope[4];
#pragma clang loop unroll(full)
        for (size_t o = 0; o < outputs; ++o)
          slope[o] = NAME(load)(gradient + o * gradient_stride + t);
#pragma clang loop unroll(full)
        for (size_t c = 0; c < columns; ++c) {
          V column = NAME(load)(sample[c] + t);
#pragma clang loop unroll(full)
          for (size_t o = 0; o < outputs; ++o) sum[o][c] = NAME(fma)(slope[o], column, sum[o][c]);
        }
      }
    }
#pragma clang loop unroll(full)
    for (size_t o = 0; o < outputs; ++o) {
#pragma clang loop unroll(full)
      for (size_t c = 0; c < columns; ++c)
        NAME(store)(lanes + o * lanes_stride + c * PARE_LANES + lane, sum[o][c]);
    }
  }
}

/// All weights of `outputs` channels, in near-equal groups of at most `most` columns.
INLINE PARE_TARGET void NAME(gradient_rows)(
    const pare_conv1d *shape, size_t count, const float *x, const float *gradient, float *lanes,
    size_t outputs, size_t most) {
  const size_t taps = shape->kernel_size;
  const size_t all = shape->input_channels * taps;
  const size_t groups = (all + most - 1) / most;
  size_t input = 0, tap = 0, column = 0;
  for (size_t group = 0; group < groups; ++group) {
    const size_t columns = all / groups + (group < all % groups);
    const float *samples[12];
    for (size_t c = 0; c < columns; ++c) {
      samples[c] = x + input * shape->input_stride + (taps - 1 - tap) * shape->dilation;
      if (++tap == taps) {
        tap = 0;
        ++input;
      }
    }
    switch (columns) {
#define TILE(n)                                                                             \
  if (n <= most)                                                                            \
    NAME(gradient_tile)(                                                                    \
        count, samples, gradient, shape->output_stride, lanes + column * PARE_LANES,        \
        all * PARE_LANES, outputs, n);                                                      \
  break
      case 1: TILE(1);
      case 2: TILE(2);
      case 3: TILE(3);
      case 4: TILE(4);
      case 5: TILE(5);
      case 6: TILE(6);
      case 7: TILE(7);
      case 8: TILE(8);
      case 9: TILE(9);
      case 10: TILE(10);
      case 11: TILE(11);
      case 12: TILE(12);
#undef TILE
    }
    column += columns;
  }
}

/// Partial sums of the biases of `outputs` channels; side by side, because one sum alone waits for itself.
INLINE PARE_TARGET void NAME(bias_rows)(
    size_t count, const float *gradient, size_t gradient_stride, float *lanes, size_t outputs) {
  V sum[4][PARE_LANES / W];
#pragma clang loop unroll(full)
  for (size_t o = 0; o < outputs; ++o) {
#pragma clang loop unroll(full)
    for (size_t r = 0; r < PARE_LANES / W; ++r)
      sum[o][r] = NAME(load)(lanes + o * PARE_LANES + r * W);
  }
  for (size_t t = 0; t < count; t += PARE_LANES) {
#pragma clang loop unroll(full)
    for (size_t o = 0; o < outputs; ++o) {
#pragma clang loop unroll(full)
      for (size_t r = 0; r < PARE_LANES / W; ++r)
        sum[o][r] += NAME(load)(gradient + o * gradient_stride + t + r * W);
    }
  }
#pragma clang loop unroll(full)
  for (size_t o = 0; o < outputs; ++o) {
#pragma clang loop unroll(full)
    for (size_t r = 0; r < PARE_LANES / W; ++r)
      NAME(store)(lanes + o * PARE_LANES + r * W, sum[o][r]);
  }
}

PARE_TARGET static void NAME(conv1d_weight_gradient)(
    const pare_conv1d *sizes, size_t count, const float *x, const float *gradient,
    float *weight_lanes, float *bias_lanes) {
  // A copy, which no store to the lanes can change as far as the compiler knows.
  const pare_conv1d local = *sizes, *const shape = &local;
  const size_t row = shape->input_channels * shape->kernel_size * PARE_LANES;
  size_t o = 0;
#define ROWS(n, most)                                                                 \
  NAME(gradient_rows)(                                                                \
      shape, count, x, gradient + o * shape->output_stride, weight_lanes + o * row, n, most)
  // Sums, the fewer of slopes and samples, and one of the others must fit the register file.
  for (; o + 4 <= shape->output_channels; o += 4) ROWS(4, MANY_REGISTERS ? 6 : 3);
  for (; o + 2 <= shape->output_channels; o += 2) ROWS(2, MANY_REGISTERS ? 12 : 6);
  if (o < shape->output_channels) ROWS(1, 12);
#undef ROWS
  if (!bias_lanes) return;
#define BIASES(n)                                                                        \
  NAME(bias_rows)(                                                                       \
      count, gradient + o * shape->output_stride, shape->output_stride,                  \
      bias_lanes + o * PARE_LANES, n)
  o = 0;
  for (; o + 4 <= shape->output_channels; o += 4) BIASES(4);
  for (; o + 2 <= shape->output_channels; o += 2) BIASES(2);
  if (o < shape->output_channels) BIASES(1);
#undef BIASES
}
