// Activations and their gradients on one vector; see pare_kernels.h for the contracts.
#include "vector.h"

INLINE PARE_TARGET V NAME(choose)(VI condition, V yes, V no) {
  return (V)(((VI)yes & condition) | ((VI)no & ~condition));
}

INLINE PARE_TARGET V NAME(relu_of)(V x) {
  // Keeps the bits where x > 0; all else, NaN included, becomes +0.
  return (V)((VI)x & (x > NAME(splat)(0.0f)));
}

INLINE PARE_TARGET V NAME(leaky_relu_of)(V x, V slope) {
  return NAME(choose)(x > NAME(splat)(0.0f), x, x * slope);
}

INLINE PARE_TARGET V NAME(hard_tanh_of)(V x) {
  const V one = NAME(splat)(1.0f);
  V low = NAME(choose)(x > one, one, x);
  return NAME(choose)(low < -one, -one, low);
}

/// x * P(x^2) / Q(x^2), minimax in relative error over |x| <= 9.02 (2.2e-8, below half an ulp before rounding), fitted
/// in 40 digits by iteratively reweighted least squares; beyond, the float nearest to tanh is +-1.
INLINE PARE_TARGET V NAME(tanh_of)(V x) {
  const V limit = NAME(splat)(9.02f);
  V sign = (V)((VI)x & (VI)NAME(splat)(-0.0f));
  V size = (V)((VI)x & ~(VI)NAME(splat)(-0.0f));
  VI beyond = size > limit;
  size = NAME(choose)(beyond, limit, size);
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
  y = NAME(choose)((y > one) | beyond, one, y);
  return (V)((VI)y | (VI)sign);
}

INLINE PARE_TARGET V NAME(relu_slope)(V y, V gradient) {
  return (V)((VI)gradient & (y > NAME(splat)(0.0f)));
}

INLINE PARE_TARGET V NAME(leaky_relu_slope)(V y, V gradient, V slope) {
  return NAME(choose)(y > NAME(splat)(0.0f), gradient, gradient * slope);
}

INLINE PARE_TARGET V NAME(hard_tanh_slope)(V y, V gradient) {
  const V one = NAME(splat)(1.0f);
  return (V)((VI)gradient & (y < one) & (y > -one));
}

INLINE PARE_TARGET V NAME(tanh_slope)(V y, V gradient) {
  return gradient * NAME(fma)(-y, y, NAME(splat)(1.0f));
}
