#include "dispatch.h"
#include "pare_gram.h"

#define PARE_BODY "gram_body.h"
#include "instantiate.h"

void pare_gram(
    pare_variant variant, size_t rows, size_t count, const float *x, size_t stride, double *gram) {
  DISPATCH(variant, gram, rows, count, x, stride, gram);
}

void pare_row_products(
    pare_variant variant, size_t rows, size_t count, const float *x, size_t stride, const float *y,
    double *sums) {
  DISPATCH(variant, row_products, rows, count, x, stride, y, sums);
}

void pare_varying_filter(
    pare_variant variant, size_t count, size_t lag_count, const float *taps, size_t tap_stride,
    const size_t *lags, const float *x, float *y) {
  DISPATCH(variant, varying_filter, count, lag_count, taps, tap_stride, lags, x, y);
}

void pare_add_scaled(pare_variant variant, size_t count, float a, const float *x, float *y) {
  DISPATCH(variant, add_scaled, count, a, x, y);
}

void pare_multiply(pare_variant variant, size_t count, const float *x, float *y) {
  DISPATCH(variant, multiply, count, x, y);
}

void pare_step_slope(
    pare_variant variant, size_t count, float low, float high, float outside, const float *y,
    float *slope) {
  DISPATCH(variant, step_slope, count, low, high, outside, y, slope);
}

void pare_subtract_scaled(
    pare_variant variant, size_t count, double a, const double *x, double *y) {
  DISPATCH(variant, subtract_scaled, count, a, x, y);
}
