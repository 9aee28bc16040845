// Gated recurrent units for one instruction set; see pare_recurrent.h for the contracts.
#include "activation_of.h"

/// `sums[row] += columns[j][row] * factors[j]` over all columns, for a group of registers.
#define GROUP(REGISTERS)                                                                  \
  for (; row + (REGISTERS) * W <= rows; row += (REGISTERS) * W) {                         \
    V sum[REGISTERS];                                                                     \
    _Pragma("clang loop unroll(full)") for (size_t r = 0; r < (REGISTERS); ++r) sum[r] =  \
        NAME(load)(sums + row + r * W);                                                   \
    for (size_t j = 0; j < columns; ++j) {                                                \
      V factor = NAME(splat)(factors[j]);                                                 \
      const float *from = weights + j * stride + row;                                     \
      _Pragma("clang loop unroll(full)") for (size_t r = 0; r < (REGISTERS); ++r) sum[r] = \
          NAME(fma)(NAME(load)(from + r * W), factor, sum[r]);                            \
    }                                                                                     \
    _Pragma("clang loop unroll(full)") for (size_t r = 0; r < (REGISTERS); ++r)           \
        NAME(store)(sums + row + r * W, sum[r]);                                          \
  }

INLINE PARE_TARGET void NAME(add_columns)(
    size_t rows, size_t columns, const float *weights, size_t stride, const float *factors,
    float *sums) {
  size_t row = 0;
#if MANY_REGISTERS
  GROUP(24)
#endif
  GROUP(15)
  GROUP(5)
  GROUP(1)
  if (row < rows) {  // less than a register: half of 16 lanes
    V sum = NAME(load_some)(sums + row, rows - row);
    for (size_t j = 0; j < columns; ++j)
      sum = NAME(fma)(
          NAME(load_some)(weights + j * stride + row, rows - row), NAME(splat)(factors[j]), sum);
    NAME(store_some)(sums + row, sum, rows - row);
  }
}

INLINE PARE_TARGET V NAME(logistic_of)(V a) {
  const V half = NAME(splat)(0.5f);
  return NAME(fma)(NAME(tanh_of)(a * half), half, half);
}

// Lengths of gates are whole registers here: buffers are padded to PARE_LANES floats.
#define BUFFER(name) float name[3 * PARE_GATE_LIMIT + PARE_LANES] = {0}

PARE_TARGET static void NAME(gru)(
    const pare_gru_layer *layer, size_t count, const float *x, float *trace, float *y) {
  const size_t hidden = layer->hidden, gate = layer->gate, features = layer->features;
  BUFFER(h);
  BUFFER(sums);
  BUFFER(input);
  for (size_t t = 0; t <= count; ++t) {
    for (size_t row = 0; row < 3 * gate; ++row) sums[row] = 0.0f;
    NAME(add_columns)(
        3 * gate, hidden, layer->recurrent_weights, 3 * gate, h, sums);
    if (t > 0) {
      y[2 * t - 2] = sums[2 * gate + hidden];
      y[2 * t - 1] = sums[2 * gate + hidden + 1];
    }
    if (t == count) break;
    // The gates r and z take both parts into one sum; n keeps them apart.
    NAME(add_columns)(
        2 * gate, features, layer->input_weights, 3 * gate, x + t * features, sums);
    for (size_t row = 0; row < gate; ++row) input[row] = 0.0f;
    NAME(add_columns)(
        gate, features, layer->input_weights + 2 * gate, 3 * gate, x + t * features, input);
    float *keep = trace ? trace + t * 5 * gate : (float *)0;
    for (size_t row = 0; row < gate; row += W) {
      const size_t some = gate - row < W ? gate - row : W;
      V before = NAME(load)(h + row), c = NAME(load)(sums + 2 * gate + row);
      V r = NAME(logistic_of)(NAME(load)(sums + row));
      V z = NAME(logistic_of)(NAME(load)(sums + gate + row));
      V n = NAME(tanh_of)(NAME(fma)(r, c, NAME(load)(input + row)));
      if (keep) {
        NAME(store_some)(keep + row, r, some);
        NAME(store_some)(keep + gate + row, z, some);
        NAME(store_some)(keep + 2 * gate + row, n, some);
        NAME(store_some)(keep + 3 * gate + row, c, some);
        NAME(store_some)(keep + 4 * gate + row, before, some);
      }
      NAME(store)(h + row, NAME(fma)(z, before - n, n));
    }
  }
}

PARE_TARGET static void NAME(gru_derivative)(
    const pare_gru_layer *layer, size_t count, const float *trace, const float *dx, float *dy) {
  const size_t hidden = layer->hidden, gate = layer->gate, features = layer->features;
  BUFFER(dh);
  BUFFER(sums);
  BUFFER(input);
  const V one = NAME(splat)(1.0f);
  for (size_t t = 0; t <= count; ++t) {
    for (size_t row = 0; row < 3 * gate; ++row) sums[row] = 0.0f;
    NAME(add_columns)(
        3 * gate, hidden, layer->recurrent_weights, 3 * gate, dh, sums);
    if (t > 0) {
      dy[2 * t - 2] = sums[2 * gate + hidden];
      dy[2 * t - 1] = sums[2 * gate + hidden + 1];
    }
    if (t == count) break;
    NAME(add_columns)(
        2 * gate, features, layer->input_weights, 3 * gate, dx + t * features, sums);
    for (size_t row = 0; row < gate; ++row) input[row] = 0.0f;
    NAME(add_columns)(
        gate, features, layer->input_weights + 2 * gate, 3 * gate, dx + t * features, input);
    const float *kept = trace + t * 5 * gate;
    for (size_t row = 0; row < gate; row += W) {
      const size_t some = gate - row < W ? gate - row : W;
#define KEPT(k) \
  (some == W ? NAME(load)(kept + (k) * gate + row) : NAME(load_some)(kept + (k) * gate + row, some))
      V r = KEPT(0), z = KEPT(1), n = KEPT(2), c = KEPT(3), before = KEPT(4);
#undef KEPT
      V dr = r * (one - r) * NAME(load)(sums + row);
      V dz = z * (one - z) * NAME(load)(sums + gate + row);
      V inner = NAME(fma)(
          r, NAME(load)(sums + 2 * gate + row), NAME(fma)(dr, c, NAME(load)(input + row)));
      V dn = NAME(fma)(-n, n, one) * inner;
      V kept_part = NAME(fma)(z, NAME(load)(dh + row) - dn, dn);
      NAME(store)(dh + row, NAME(fma)(dz, before - n, kept_part));
    }
  }
}

#undef GROUP
#undef BUFFER
