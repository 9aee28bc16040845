// Products of Jacobian columns for one instruction set; see pare_gram.h for the contracts.
#include "vector.h"

#define Q NAME(quad)
typedef float Q __attribute__((vector_size(16)));
typedef float NAME(loose_quad) __attribute__((vector_size(16), aligned(4), may_alias));

/// The first two levels of the tree over 16 lanes: l + l+8, then + l+4.
INLINE PARE_TARGET Q NAME(quarter)(const float *lanes) {
  const NAME(loose_quad) *at = (const NAME(loose_quad) *)lanes;
  return (at[0] + at[2]) + (at[1] + at[3]);
}

/// Reduces the lanes of four sums at once.
INLINE PARE_TARGET void NAME(reduce_four)(const float *lanes, float *sums) {
  Q a = NAME(quarter)(lanes), b = NAME(quarter)(lanes + PARE_LANES);
  Q c = NAME(quarter)(lanes + 2 * PARE_LANES), d = NAME(quarter)(lanes + 3 * PARE_LANES);
  Q ab = __builtin_shufflevector(a, b, 0, 1, 4, 5) + __builtin_shufflevector(a, b, 2, 3, 6, 7);
  Q cd = __builtin_shufflevector(c, d, 0, 1, 4, 5) + __builtin_shufflevector(c, d, 2, 3, 6, 7);
  *(NAME(loose_quad) *)sums =
      __builtin_shufflevector(ab, cd, 0, 2, 4, 6) + __builtin_shufflevector(ab, cd, 1, 3, 5, 7);
}

/// `sums[a * 4 + b]` = product of row a of `left` and row b of `right`. Sums, the rows of the left, and one sample fill the
/// registers: 16 + 4 + 1 of 32, or 12 + 3 + 1 of 16.
INLINE PARE_TARGET void NAME(tile)(
    const float *left, const float *right, size_t stride, size_t count, size_t rows,
    float *sums) {
  float lanes[4 * 4 * PARE_LANES];
#pragma clang loop unroll(disable)
  for (size_t lane = 0; lane < PARE_LANES; lane += W) {
    V sum[4][4];
#pragma clang loop unroll(full)
    for (size_t a = 0; a < rows; ++a) {
#pragma clang loop unroll(full)
      for (size_t b = 0; b < 4; ++b) sum[a][b] = NAME(splat)(0.0f);
    }
    for (size_t t = lane; t < count; t += PARE_LANES) {
      V x[4];
#pragma clang loop unroll(full)
      for (size_t a = 0; a < rows; ++a) x[a] = NAME(load)(left + a * stride + t);
#pragma clang loop unroll(full)
      for (size_t b = 0; b < 4; ++b) {
        V y = NAME(load)(right + b * stride + t);
#pragma clang loop unroll(full)
        for (size_t a = 0; a < rows; ++a) sum[a][b] = NAME(fma)(x[a], y, sum[a][b]);
      }
    }
#pragma clang loop unroll(full)
    for (size_t a = 0; a < rows; ++a) {
#pragma clang loop unroll(full)
      for (size_t b = 0; b < 4; ++b)
        NAME(store)(lanes + (a * 4 + b) * PARE_LANES + lane, sum[a][b]);
    }
  }
  for (size_t a = 0; a < rows; ++a) NAME(reduce_four)(lanes + a * 4 * PARE_LANES, sums + a * 4);
}

PARE_TARGET static void NAME(gram)(
    size_t rows, size_t count, const float *x, size_t stride, double *gram) {
  enum { HEIGHT = MANY_REGISTERS ? 4 : 3 };
  for (size_t i = 0; i < rows; i += HEIGHT) {
    for (size_t j = 0; j < i + HEIGHT && j < rows; j += 4) {
      float sums[HEIGHT * 4];
      NAME(tile)(x + i * stride, x + j * stride, stride, count, HEIGHT, sums);
      for (size_t a = 0; a < HEIGHT && i + a < rows; ++a)
        for (size_t b = 0; b < 4 && j + b <= i + a; ++b)
          gram[(i + a) * rows + j + b] += (double)sums[a * 4 + b];
    }
  }
}

PARE_TARGET static void NAME(row_products)(
    size_t rows, size_t count, const float *x, size_t stride, const float *y, double *sums) {
  for (size_t i = 0; i < rows; i += 4) {
    float part[4];
    NAME(tile)(y, x + i * stride, stride, count, 1, part);
    for (size_t b = 0; b < 4 && i + b < rows; ++b) sums[i + b] += (double)part[b];
  }
}

PARE_TARGET static void NAME(varying_filter)(
    size_t count, size_t lag_count, const float *taps, size_t tap_stride, const size_t *lags,
    const float *x, float *y) {
  enum { REGISTERS = PARE_LANES / W };
  for (size_t t = 0; t < count; t += PARE_LANES) {
    V sum[REGISTERS];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < REGISTERS; ++r) sum[r] = NAME(splat)(0.0f);
    for (size_t j = 0; j < lag_count; ++j) {
      const float *tap = taps + j * tap_stride + t;
      const float *sample = x + t - lags[j];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < REGISTERS; ++r)
        sum[r] = NAME(fma)(NAME(load)(tap + r * W), NAME(load)(sample + r * W), sum[r]);
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < REGISTERS; ++r) NAME(store)(y + t + r * W, sum[r]);
  }
}

PARE_TARGET static void NAME(add_scaled)(size_t count, float a, const float *x, float *y) {
  const V factor = NAME(splat)(a);
  for (size_t t = 0; t < count; t += W)
    NAME(store)(y + t, NAME(fma)(factor, NAME(load)(x + t), NAME(load)(y + t)));
}

PARE_TARGET static void NAME(multiply)(size_t count, const float *x, float *y) {
  for (size_t t = 0; t < count; t += W) NAME(store)(y + t, NAME(load)(x + t) * NAME(load)(y + t));
}

PARE_TARGET static void NAME(step_slope)(
    size_t count, float low, float high, float outside, const float *y, float *slope) {
  const V inner = NAME(splat)(1.0f), outer = NAME(splat)(outside);
  for (size_t t = 0; t < count; t += W) {
    V value = NAME(load)(y + t);
    VI within = (value > NAME(splat)(low)) & (value < NAME(splat)(high));
    NAME(store)(slope + t, (V)(((VI)inner & within) | ((VI)outer & ~within)));
  }
}

PARE_TARGET static void NAME(subtract_scaled)(
    size_t count, double a, const double *x, double *y) {
  for (size_t n = 0; n < count; ++n) y[n] -= a * x[n];
}

#undef Q
