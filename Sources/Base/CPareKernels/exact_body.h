// Doubles in a register.
#define D (W / 2)
#define VD NAME(doubles)
typedef double VD __attribute__((vector_size(W * 4)));
typedef double NAME(loose_doubles) __attribute__((vector_size(W * 4), aligned(8), may_alias));

INLINE PARE_TARGET VD NAME(load_doubles)(const double *from) {
  return *(const NAME(loose_doubles) *)from;
}

INLINE PARE_TARGET VD NAME(multiply_add)(VD a, VD b, VD c) {
  // Exact either way; without the instruction a fused operation would be a call of the C library.
#if defined(__x86_64__) && W == 4
  return a * b + c;
#else
  return __builtin_elementwise_fma(a, b, c);
#endif
}

PARE_TARGET static void NAME(exact_sums)(
    size_t count, size_t terms, const double *coefficients, const ptrdiff_t *offsets,
    const double *x, double *sums) {
  enum { REGISTERS = 4, BLOCK = REGISTERS * D };
  size_t t = 0;
  for (; t + BLOCK <= count; t += BLOCK) {
    VD sum[REGISTERS];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < REGISTERS; ++r) sum[r] = NAME(load_doubles)(sums + t + r * D);
    for (size_t j = 0; j < terms; ++j) {
      const double *from = x + offsets[j] + t;
      const VD c = coefficients[j] - (VD){0};
#pragma clang loop unroll(full)
      for (size_t r = 0; r < REGISTERS; ++r)
        sum[r] = NAME(multiply_add)(c, NAME(load_doubles)(from + r * D), sum[r]);
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < REGISTERS; ++r) *(NAME(loose_doubles) *)(sums + t + r * D) = sum[r];
  }
  for (; t < count; ++t) {
    double sum = sums[t];
    for (size_t j = 0; j < terms; ++j) sum += coefficients[j] * x[offsets[j] + (ptrdiff_t)t];
    sums[t] = sum;
  }
}

PARE_TARGET static void NAME(exact_round)(
    size_t count, double scale, double offset, double low, double high, double *row) {
  // Adding and subtracting 1.5 * 2^52 rounds magnitudes below 2^51 to integers, ties to even.
  const double magic = 0x1.8p52;
  for (size_t t = 0; t < count; ++t) {
    double rounded = ((row[t] * scale + offset) + magic) - magic;
    double raised = rounded < low ? low : rounded;
    row[t] = raised > high ? high : raised;
  }
}

PARE_TARGET static void NAME(exact_lookup)(
    size_t count, int shift, const double *entries, size_t entry_count, double *row) {
  const double last = (double)(entry_count - 1), scale = 1.0 / (double)(1ULL << shift);
  for (size_t t = 0; t < count; ++t) {
    double x = row[t];
    // The distance from -1/2 is the same for x and ~x.
    double step = (__builtin_fabs(x + 0.5) - 0.5) * scale;
    double entry = entries[(int)(step < last ? step : last)];
    row[t] = x < 0 ? -entry : entry;
  }
}

PARE_TARGET static void NAME(exact_load)(size_t count, const int64_t *words, double *row) {
  for (size_t t = 0; t < count; ++t) row[t] = (double)words[t];
}

PARE_TARGET static void NAME(exact_store)(size_t count, const double *row, int64_t *words) {
  for (size_t t = 0; t < count; ++t) words[t] = (int64_t)row[t];
}

#undef D
#undef VD
