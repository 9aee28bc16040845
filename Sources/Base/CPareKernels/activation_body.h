// Activations and their gradients over a signal for one instruction set; see pare_kernels.h for the contracts.
#include "activation_of.h"

// Whole vectors, of which the last may overlap the one before. It is computed first and stored last, so that running in
// place feeds no result back in.
#define MAP(f, ...)                                                                        \
  if (count < W) {                                                                         \
    NAME(store_some)(y, f(NAME(load_some)(x, count) __VA_OPT__(, ) __VA_ARGS__), count);   \
    return;                                                                                \
  }                                                                                        \
  V last = f(NAME(load)(x + count - W) __VA_OPT__(, ) __VA_ARGS__);                        \
  for (size_t t = 0; t + W <= count; t += W)                                               \
    NAME(store)(y + t, f(NAME(load)(x + t) __VA_OPT__(, ) __VA_ARGS__));                   \
  NAME(store)(y + count - W, last)

#define MAP_GRADIENT(f, ...)                                                                   \
  if (count < W) {                                                                             \
    V slope = f(                                                                               \
        NAME(load_some)(y, count),                                                             \
        NAME(load_some)(gradient, count) __VA_OPT__(, ) __VA_ARGS__);                          \
    NAME(store_some)(gradient, slope, count);                                                  \
    return;                                                                                    \
  }                                                                                            \
  V last = f(                                                                                  \
      NAME(load)(y + count - W), NAME(load)(gradient + count - W) __VA_OPT__(, ) __VA_ARGS__); \
  for (size_t t = 0; t + W <= count; t += W)                                                   \
    NAME(store)(                                                                               \
        gradient + t,                                                                          \
        f(NAME(load)(y + t), NAME(load)(gradient + t) __VA_OPT__(, ) __VA_ARGS__));            \
  NAME(store)(gradient + count - W, last)

PARE_TARGET static void NAME(relu)(size_t count, const float *x, float *y) { MAP(NAME(relu_of)); }

PARE_TARGET static void NAME(leaky_relu)(size_t count, float slope, const float *x, float *y) {
  const V factor = NAME(splat)(slope);
  MAP(NAME(leaky_relu_of), factor);
}

PARE_TARGET static void NAME(hard_tanh)(size_t count, const float *x, float *y) {
  MAP(NAME(hard_tanh_of));
}

PARE_TARGET static void NAME(tanh_all)(size_t count, const float *x, float *y) {
  MAP(NAME(tanh_of));
}

PARE_TARGET static void NAME(relu_gradient)(size_t count, const float *y, float *gradient) {
  MAP_GRADIENT(NAME(relu_slope));
}

PARE_TARGET static void NAME(leaky_relu_gradient)(
    size_t count, float factor, const float *y, float *gradient) {
  const V factors = NAME(splat)(factor);
  MAP_GRADIENT(NAME(leaky_relu_slope), factors);
}

PARE_TARGET static void NAME(hard_tanh_gradient)(size_t count, const float *y, float *gradient) {
  MAP_GRADIENT(NAME(hard_tanh_slope));
}

PARE_TARGET static void NAME(tanh_gradient)(size_t count, const float *y, float *gradient) {
  MAP_GRADIENT(NAME(tanh_slope));
}

#undef MAP
#undef MAP_GRADIENT
