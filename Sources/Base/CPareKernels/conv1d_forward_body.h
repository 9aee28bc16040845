// Convolution for one instruction set, with what happens to its sums on their way to memory; see pare_kernels.h.
#include "activation_of.h"

/// What a convolution does with a vector of sums before it stores them.
typedef struct NAME(finish) {
  pare_activation activation;
  float slope;
  /// Outputs of the activation whose gradient multiplies the sums, at the place of the first sum; NULL to activate.
  const float *signals;
} NAME(finish);

// One case per way to finish, so that the choice is made once per tile.
#define EACH_SUM(expression)                                                \
  _Pragma("clang loop unroll(full)") for (size_t o = 0; o < outputs; ++o) { \
    const size_t first = o * shape->output_stride + at;                     \
    _Pragma("clang loop unroll(full)") for (size_t r = 0; r < registers; ++r) { \
      const size_t place = first + r * W;                                   \
      const V s = sum[o][r];                                                \
      NAME(store)(y + place, expression);                                   \
    }                                                                       \
  }                                                                         \
  return
#define SIGNAL NAME(load)(finish->signals + place)

/// Stores the sums of a tile.
INLINE PARE_TARGET void NAME(finish_tile)(
    const pare_conv1d *shape, const NAME(finish) *finish, V sum[4][8], float *y, size_t at,
    size_t outputs, size_t registers) {
  const V slope = NAME(splat)(finish->slope);
  if (finish->signals) {
    switch (finish->activation) {
      case PARE_IDENTITY: EACH_SUM(s);
      case PARE_RELU: EACH_SUM(NAME(relu_slope)(SIGNAL, s));
      case PARE_LEAKY_RELU: EACH_SUM(NAME(leaky_relu_slope)(SIGNAL, s, slope));
      case PARE_HARD_TANH: EACH_SUM(NAME(hard_tanh_slope)(SIGNAL, s));
      case PARE_TANH: EACH_SUM(NAME(tanh_slope)(SIGNAL, s));
    }
  }
  switch (finish->activation) {
    // Twelve hyperbolic tangents would not fit the registers: they follow once the block is stored.
    case PARE_TANH:
    case PARE_IDENTITY: EACH_SUM(s);
    case PARE_RELU: EACH_SUM(NAME(relu_of)(s));
    case PARE_LEAKY_RELU: EACH_SUM(NAME(leaky_relu_of)(s, slope));
    case PARE_HARD_TANH: EACH_SUM(NAME(hard_tanh_of)(s));
  }
}

#undef EACH_SUM
#undef SIGNAL

/// `outputs` channels x `registers` * W samples, in registers throughout.
INLINE PARE_TARGET void NAME(forward_tile)(
    const pare_conv1d *shape, const float *x, const float *weights, const float *biases,
    const NAME(finish) *finish, float *y, ptrdiff_t at, size_t outputs, size_t registers,
    size_t taps, size_t dilation) {
  const size_t inputs = shape->input_channels, stride = shape->input_stride, row = inputs * taps;
  V sum[4][8];
#pragma clang loop unroll(full)
  for (size_t o = 0; o < outputs; ++o) {
    V bias = NAME(splat)(biases ? biases[o] : 0.0f);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < registers; ++r) sum[o][r] = bias;
  }
  const float *weight = weights;
  const float *newest = x + at + (taps - 1) * dilation;
#pragma clang loop unroll(disable)
  for (size_t i = 0; i < inputs; ++i) {
    const float *from = newest;
#pragma clang loop unroll(disable)
    for (size_t k = 0; k < taps; ++k, from -= dilation, ++weight) {
      if (outputs >= registers) {
        V sample[4];
#pragma clang loop unroll(full)
        for (size_t r = 0; r < registers; ++r) sample[r] = NAME(load)(from + r * W);
#pragma clang loop unroll(full)
        for (size_t o = 0; o < outputs; ++o) {
          V factor = NAME(splat)(weight[o * row]);
#pragma clang loop unroll(full)
          for (size_t r = 0; r < registers; ++r)
            sum[o][r] = NAME(fma)(factor, sample[r], sum[o][r]);
#pragma clang loop unroll(full)
          for (size_t r = 0; r < registers; ++r) KEEP(sum[o][r]);
        }
      } else {
        V factor[4];
#pragma clang loop unroll(full)
        for (size_t o = 0; o < outputs; ++o) factor[o] = NAME(splat)(weight[o * row]);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < registers; ++r) {
          V sample = NAME(load)(from + r * W);
#pragma clang loop unroll(full)
          for (size_t o = 0; o < outputs; ++o) sum[o][r] = NAME(fma)(factor[o], sample, sum[o][r]);
        }
      }
    }
    newest += stride;
  }
  NAME(finish_tile)(shape, finish, sum, y, at, outputs, registers);
}

/// Samples `from ..< to` of `outputs` channels, at least W of them. The last tile may overlap the one before: it writes
/// the same values again.
INLINE PARE_TARGET void NAME(forward_rows)(
    const pare_conv1d *shape, size_t from, size_t to, const float *x, const float *weights,
    const float *biases, const NAME(finish) *finish, float *y, size_t outputs, size_t registers,
    size_t taps) {
  const size_t tile = registers * W;
#define TILE(at, registers)                                                               \
  NAME(forward_tile)(                                                                     \
      shape, x, weights, biases, finish, y, at, outputs, registers, taps, shape->dilation)
  size_t t = from;
  for (; t + tile <= to; t += tile) TILE(t, registers);
  if (t == to) return;
  if (to >= from + tile && to - t > W) {
    TILE(to - tile, registers);
    return;
  }
  for (; t < to; t += W) {
    if (t + W > to) t = to - W;
    TILE(t, 1);
  }
#undef TILE
}

/// Less than one vector of samples.
INLINE PARE_TARGET void NAME(forward_few)(
    const pare_conv1d *shape, size_t count, const float *x, const float *weights,
    const float *biases, const NAME(finish) *finish, float *y) {
  const size_t taps = shape->kernel_size;
  for (size_t o = 0; o < shape->output_channels; ++o) {
    V sum[4][8] = {0};
    float sums[W] = {0}, signals[W], stored[W];
    for (size_t n = 0; n < count; ++n) {
      float sum = biases ? biases[o] : 0.0f;
      for (size_t i = 0; i < shape->input_channels; ++i)
        for (size_t k = 0; k < taps; ++k)
          sum = __builtin_fmaf(
              weights[(o * shape->input_channels + i) * taps + k],
              x[i * shape->input_stride + n + (taps - 1 - k) * shape->dilation], sum);
      sums[n] = sum;
    }
    NAME(finish) few = *finish;
    if (finish->signals) {
      NAME(store)(signals, NAME(load_some)(finish->signals + o * shape->output_stride, count));
      few.signals = signals;
    }
    sum[0][0] = NAME(load)(sums);
    NAME(finish_tile)(shape, &few, sum, stored, 0, 1, 1);
    if (finish->activation == PARE_TANH && !finish->signals)
      NAME(store)(stored, NAME(tanh_of)(NAME(load)(stored)));
    for (size_t n = 0; n < count; ++n) y[o * shape->output_stride + n] = stored[n];
  }
}

/// Samples `from ..< to` of all outputs, at least W of them.
INLINE PARE_TARGET void NAME(forward_block)(
    const pare_conv1d *shape, size_t from, size_t to, const float *x, const float *weights,
    const float *biases, const NAME(finish) *finish, float *y) {
  const size_t taps = shape->kernel_size, row = shape->input_channels * taps;
  size_t o = 0;
#define ROWS(n, registers)                                                                  \
  const size_t first = o * shape->output_stride;                                            \
  const NAME(finish) rows = {                                                               \
      finish->activation, finish->slope, finish->signals ? finish->signals + first : NULL}; \
  NAME(forward_rows)(                                                                       \
      shape, from, to, x, weights + o * row, biases ? biases + o : NULL, &rows, y + first,  \
      n, registers, taps)
  // Sums, the samples of one tap and one weight must fit the register file: 16 + 4 + 1 of 32, or 12 + 3 + 1 of 16.
  for (; o + 4 <= shape->output_channels; o += 4) {
    ROWS(4, MANY_REGISTERS ? 4 : 3);
  }
  for (; o + 2 <= shape->output_channels; o += 2) {
    ROWS(2, 6);
  }
  if (o < shape->output_channels) {
    ROWS(1, 8);
  }
#undef ROWS
}

PARE_TARGET static void NAME(tanh_in_place)(size_t count, float *y) {
  // The last vector may overlap the one before: computed first and stored last, so that no result is fed back in.
  V last = NAME(tanh_of)(NAME(load)(y + count - W));
  for (size_t t = 0; t + W <= count; t += W) NAME(store)(y + t, NAME(tanh_of)(NAME(load)(y + t)));
  NAME(store)(y + count - W, last);
}

PARE_TARGET static void NAME(conv1d)(
    const pare_conv1d *sizes, size_t count, const float *x, const float *weights,
    const float *biases, pare_activation activation, float slope, const float *signals,
    float *y) {
  const NAME(finish) finish = {activation, slope, signals};
  // A copy, which no store to the output can change as far as the compiler knows.
  const pare_conv1d local = *sizes, *const shape = &local;
  if (count < W) {
    NAME(forward_few)(shape, count, x, weights, biases, &finish, y);
    return;
  }
  // So many samples that the inputs of a block stay in the first-level cache for all outputs; a multiple of all tiles.
  const size_t fits = 4096 / shape->input_channels / 192 * 192;
  const size_t block = fits < 192 ? 192 : fits;
  for (size_t from = 0, to; from < count; from = to) {
    // The rest joins the last block if it is small, so that no block is shorter than a vector.
    to = from + block + block / 2 > count ? count : from + block;
    NAME(forward_block)(shape, from, to, x, weights, biases, &finish, y);
    if (activation == PARE_TANH && !signals)
      for (size_t o = 0; o < shape->output_channels; ++o)
        NAME(tanh_in_place)(to - from, y + o * shape->output_stride + from);
  }
}
