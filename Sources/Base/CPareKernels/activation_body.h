// Activations and their gradients for one instruction set; see pare_kernels.h for the contracts.
#include "vector.h"

INLINE PARE_TARGET V NAME(relu_of)(V x) {
  // Keeps the bits where x > 0; all else, NaN included, becomes +0.
  return (V)((VI)x & (x > NAME(splat)(0.0f)));
}

/// x * P(x^2) / Q(x^2), minimax in relative error over |x| <= 9.02 (2.2e-8, below half an ulp before rounding), fitted
/// in 40 digits by iteratively reweighted least squares; beyond, the float nearest to tanh is +-1.
INLINE PARE_TARGET V NAME(tanh_of)(V x) {
  const V limit = NAME(splat)(9.02f);
  V sign = (V)((VI)x & (VI)NAME(splat)(-0.0f));
  V size = (V)((VI)x & ~(VI)NAME(splat)(-0.0f));
  VI beyond = size > limit;
  size = (V)(((VI)limit & beyond) | ((VI)size & ~beyond));
  V z = size * size;
  V p = NAME(splat)(1.33175656527e-8f);
  p = NAME(fma)(p, z, NAME(splat)(2.05824096219e-5f));
  p = NAME(fma)(p, z, NAME(splat)(0.00349397113197f));
  p = NAME(fma)(p, z, NAME(splat)(0.133796654851f));
  p = NAME(fma)(p, z, NAME(splat)(0.999999979212f));
  V q = NAME(splat)(7.76140592895e-7f);
  q = NAME(fma)(q, z, NAME(splat)(0.000328298768874f));
  q = NAME(fma)(q, z, NAME(splat)(0.0258708346112f));
  q = NAME(fma)(q, z, NAME(splat)(0.467129808039f));
  q = NAME(fma)(q, z, NAME(splat)(1.0f));
  V y = size * p / q;
  const V one = NAME(splat)(1.0f);
  VI above = (y > one) | beyond;
  y = (V)(((VI)one & above) | ((VI)y & ~above));
  return (V)((VI)y | (VI)sign);
}

INLINE PARE_TARGET V NAME(relu_slope)(V y, V gradient) {
  return (V)((VI)gradient & (y > NAME(splat)(0.0f)));
}

INLINE PARE_TARGET V NAME(tanh_slope)(V y, V gradient) {
  return gradient * NAME(fma)(-y, y, NAME(splat)(1.0f));
}

// Whole vectors, of which the last may overlap the one before. It is computed first and stored last, so that running in
// place feeds no result back in.
#define MAP(f)                                                               \
  if (count < W) {                                                           \
    NAME(store_some)(y, f(NAME(load_some)(x, count)), count);                \
    return;                                                                  \
  }                                                                          \
  V last = f(NAME(load)(x + count - W));                                     \
  for (size_t t = 0; t + W <= count; t += W)                                 \
    NAME(store)(y + t, f(NAME(load)(x + t)));                                \
  NAME(store)(y + count - W, last)

#define MAP_GRADIENT(f)                                                                       \
  if (count < W) {                                                                            \
    V slope = f(NAME(load_some)(y, count), NAME(load_some)(gradient, count));                 \
    NAME(store_some)(gradient, slope, count);                                                 \
    return;                                                                                   \
  }                                                                                           \
  V last = f(NAME(load)(y + count - W), NAME(load)(gradient + count - W));                    \
  for (size_t t = 0; t + W <= count; t += W)                                                  \
    NAME(store)(gradient + t, f(NAME(load)(y + t), NAME(load)(gradient + t)));                \
  NAME(store)(gradient + count - W, last)

PARE_TARGET static void NAME(relu)(size_t count, const float *x, float *y) { MAP(NAME(relu_of)); }

PARE_TARGET static void NAME(tanh_all)(size_t count, const float *x, float *y) {
  MAP(NAME(tanh_of));
}

PARE_TARGET static void NAME(relu_gradient)(size_t count, const float *y, float *gradient) {
  MAP_GRADIENT(NAME(relu_slope));
}

PARE_TARGET static void NAME(tanh_gradient)(size_t count, const float *y, float *gradient) {
  MAP_GRADIENT(NAME(tanh_slope));
}

#undef MAP
#undef MAP_GRADIENT
