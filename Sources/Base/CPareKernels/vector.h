// Vectors of W floats for the variant being compiled; included at the top of each body.

#define V NAME(vector)
#define VI NAME(mask)
typedef float V __attribute__((vector_size(W * 4)));
typedef int VI __attribute__((vector_size(W * 4)));
typedef float NAME(loose) __attribute__((vector_size(W * 4), aligned(4), may_alias));

INLINE PARE_TARGET V NAME(load)(const float *from) { return *(const NAME(loose) *)from; }

INLINE PARE_TARGET void NAME(store)(float *to, V value) { *(NAME(loose) *)to = value; }

// The subtraction folds away (adding 0 would not: it changes -0).
INLINE PARE_TARGET V NAME(splat)(float value) { return value - (V){0}; }

INLINE PARE_TARGET V NAME(fma)(V a, V b, V c) { return __builtin_elementwise_fma(a, b, c); }

/// The first `count` < W floats, the rest 0.
INLINE PARE_TARGET V NAME(load_some)(const float *from, size_t count) {
  float padded[W] = {0};
  for (size_t n = 0; n < count; ++n) padded[n] = from[n];
  return NAME(load)(padded);
}

INLINE PARE_TARGET void NAME(store_some)(float *to, V value, size_t count) {
  float padded[W];
  NAME(store)(padded, value);
  for (size_t n = 0; n < count; ++n) to[n] = padded[n];
}

// Keeps the compiler from moving loads before a value is computed, where that would cost one register too many.
#if defined(__x86_64__)
#define KEEP(value) __asm__ volatile("" : "+x"(value) : : "memory")
#elif defined(__aarch64__)
#define KEEP(value) __asm__ volatile("" : "+w"(value) : : "memory")
#else
#define KEEP(value) (void)(value)
#endif
