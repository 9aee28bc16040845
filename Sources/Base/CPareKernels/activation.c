#include "dispatch.h"

#define PARE_BODY "activation_body.h"
#include "instantiate.h"

void pare_relu(pare_variant variant, size_t count, const float *x, float *y) {
  DISPATCH(variant, relu, count, x, y);
}

void pare_relu_gradient(pare_variant variant, size_t count, const float *y, float *gradient) {
  DISPATCH(variant, relu_gradient, count, y, gradient);
}

void pare_leaky_relu(
    pare_variant variant, size_t count, float slope, const float *x, float *y) {
  DISPATCH(variant, leaky_relu, count, slope, x, y);
}

void pare_leaky_relu_gradient(
    pare_variant variant, size_t count, float slope, const float *y, float *gradient) {
  DISPATCH(variant, leaky_relu_gradient, count, slope, y, gradient);
}

void pare_hard_tanh(pare_variant variant, size_t count, const float *x, float *y) {
  DISPATCH(variant, hard_tanh, count, x, y);
}

void pare_hard_tanh_gradient(
    pare_variant variant, size_t count, const float *y, float *gradient) {
  DISPATCH(variant, hard_tanh_gradient, count, y, gradient);
}

void pare_tanh(pare_variant variant, size_t count, const float *x, float *y) {
  DISPATCH(variant, tanh_all, count, x, y);
}

void pare_tanh_gradient(pare_variant variant, size_t count, const float *y, float *gradient) {
  DISPATCH(variant, tanh_gradient, count, y, gradient);
}
