// Products of columns in double for one instruction set; see pare_gram.h for the contract.

// Doubles in a register.
#define D (W / 2)
#define VD NAME(wide)
typedef double VD __attribute__((vector_size(W * 4)));
typedef double NAME(loose_wide) __attribute__((vector_size(W * 4), aligned(8), may_alias));

enum { NAME(LANES) = 8, NAME(SPAN) = 512, NAME(PANEL) = 32, NAME(HEIGHT) = 3 };

INLINE PARE_TARGET VD NAME(load_wide)(const double *from) {
  return *(const NAME(loose_wide) *)from;
}

/// Three rows times four rows; a row is SPAN doubles apart from the next.
INLINE PARE_TARGET void NAME(wide_tile)(
    const double *left, const double *right, size_t count, double *sums) {
  double lanes[3 * 4 * 8];
#pragma clang loop unroll(disable)
  for (size_t lane = 0; lane < 8; lane += D) {
    VD sum[3][4];
#pragma clang loop unroll(full)
    for (size_t a = 0; a < 3; ++a) {
#pragma clang loop unroll(full)
      for (size_t b = 0; b < 4; ++b) sum[a][b] = (VD){0};
    }
    for (size_t t = lane; t < count; t += 8) {
      VD x[3];
#pragma clang loop unroll(full)
      for (size_t a = 0; a < 3; ++a) x[a] = NAME(load_wide)(left + a * NAME(SPAN) + t);
#pragma clang loop unroll(full)
      for (size_t b = 0; b < 4; ++b) {
        VD y = NAME(load_wide)(right + b * NAME(SPAN) + t);
#pragma clang loop unroll(full)
        for (size_t a = 0; a < 3; ++a) sum[a][b] = __builtin_elementwise_fma(x[a], y, sum[a][b]);
      }
    }
#pragma clang loop unroll(full)
    for (size_t a = 0; a < 3; ++a) {
#pragma clang loop unroll(full)
      for (size_t b = 0; b < 4; ++b)
        *(NAME(loose_wide) *)(lanes + (a * 4 + b) * 8 + lane) = sum[a][b];
    }
  }
  for (size_t k = 0; k < 12; ++k) {
    const double *l = lanes + k * 8;
    sums[k] = ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]));
  }
}

INLINE PARE_TARGET void NAME(widen)(
    const float *x, size_t stride, size_t first, size_t rows, size_t end, size_t start,
    size_t count, double *to) {
  for (size_t r = 0; r < rows; ++r) {
    double *row = to + r * NAME(SPAN);
    if (first + r < end) {
      const float *from = x + (first + r) * stride + start;
      for (size_t t = 0; t < count; ++t) row[t] = (double)from[t];
    } else {
      for (size_t t = 0; t < count; ++t) row[t] = 0.0;
    }
  }
}

PARE_TARGET static void NAME(gram_double)(
    size_t rows, size_t count, const float *x, size_t stride, double *gram) {
  double right[NAME(PANEL) * NAME(SPAN)];
  double left[NAME(HEIGHT) * NAME(SPAN)];
  for (size_t start = 0; start < count; start += NAME(SPAN)) {
    const size_t some = count - start < NAME(SPAN) ? count - start : NAME(SPAN);
    for (size_t j0 = 0; j0 < rows; j0 += NAME(PANEL)) {
      NAME(widen)(x, stride, j0, NAME(PANEL), rows, start, some, right);
      for (size_t i = j0; i < rows; i += NAME(HEIGHT)) {
        NAME(widen)(x, stride, i, NAME(HEIGHT), rows, start, some, left);
        for (size_t j = j0; j < j0 + NAME(PANEL) && j < rows && j < i + NAME(HEIGHT); j += 4) {
          double sums[12];
          NAME(wide_tile)(left, right + (j - j0) * NAME(SPAN), some, sums);
          for (size_t a = 0; a < NAME(HEIGHT) && i + a < rows; ++a)
            for (size_t b = 0; b < 4 && j + b < rows && j + b <= i + a; ++b)
              gram[(i + a) * rows + j + b] += sums[a * 4 + b];
        }
      }
    }
  }
}

#undef D
#undef VD
