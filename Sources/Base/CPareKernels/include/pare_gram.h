// Kernels of second-order training: columns of a Jacobian, their products with each other, and rows of a factorization.
//
// The rules of pare_kernels.h hold here too: one result for all variants, planar signals, fused operations where a contract
// says so and nowhere else. Counts of floats are multiples of PARE_LANES; what lies beyond the last true sample must be
// readable and finite.
#ifndef PARE_GRAM_H
#define PARE_GRAM_H

#include "pare_kernels.h"

/// Rows beyond the last that `pare_gram` and `pare_row_products` may read; their values do not matter.
enum { PARE_GRAM_PADDING = 4 };

/// Adds the products of all pairs of rows, for j <= i:
///
///     gram[i * rows + j] += sum over t of x[i * stride + t] * x[j * stride + t]
///
/// Each sum runs in 16 lanes, fused, t ascending, is reduced by the tree of `pare_reduce_lanes`, and is added in double.
/// `PARE_GRAM_PADDING` rows behind the last must be readable and finite.
void pare_gram(
    pare_variant variant, size_t rows, size_t count, const float *x, size_t stride, double *gram);

/// As `pare_gram`, with products and sums in double:
///
///     gram[i * rows + j] += sum over t of x[i * stride + t] * x[j * stride + t], for j <= i
///
/// Each 512 samples are summed in 8 lanes, fused, t ascending, reduced by a tree, and added. `count` is a multiple of 8; no
/// padding is read.
void pare_gram_double(
    pare_variant variant, size_t rows, size_t count, const float *x, size_t stride, double *gram);

/// Adds the products of all rows with one more, in the order of `pare_gram`:
///
///     sums[i] += sum over t of x[i * stride + t] * y[t]
void pare_row_products(
    pare_variant variant, size_t rows, size_t count, const float *x, size_t stride, const float *y,
    double *sums);

/// A filter whose taps change with time; one column of a Jacobian:
///
///     y[t] = sum over j < lag_count of taps[j * tap_stride + t] * x[t - lags[j]]
///
/// Order: from 0, j ascending, one fused multiply-add each. x is read from -max(lags) on.
void pare_varying_filter(
    pare_variant variant, size_t count, size_t lag_count, const float *taps, size_t tap_stride,
    const size_t *lags, const float *x, float *y);

/// `y[t] += a * x[t]`, fused.
void pare_add_scaled(pare_variant variant, size_t count, float a, const float *x, float *y);

/// `y[t] *= x[t]`.
void pare_multiply(pare_variant variant, size_t count, const float *x, float *y);

/// The derivative of an activation where its output is y: 1 where `low < y[t] < high`, else `outside`.
void pare_step_slope(
    pare_variant variant, size_t count, float low, float high, float outside, const float *y,
    float *slope);

/// `y[n] -= a * x[n]` in double, not fused; any count.
void pare_subtract_scaled(
    pare_variant variant, size_t count, double a, const double *x, double *y);

#endif
