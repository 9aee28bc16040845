// Kernels of the integer forward pass, in doubles that hold every word, product and sum exactly.
//
// The caller proves that nothing leaves ±2^50. Then no operation rounds except where it says so, whatever its order and
// whether it is fused, and all variants give the same bits. Counts may be any number.
#ifndef PARE_EXACT_H
#define PARE_EXACT_H

#include "pare_kernels.h"

#include <stdint.h>

/// Adds a sparse sum of shifted rows:
///
///     sums[t] += sum over j < terms of coefficients[j] * x[offsets[j] + t]
void pare_exact_sums(
    pare_variant variant, size_t count, size_t terms, const double *coefficients,
    const ptrdiff_t *offsets, const double *x, double *sums);

/// Brings a row to a format: `row[t] = min(max(round(row[t] * scale + offset), low), high)`, rounded to the nearest integer, ties
/// to the even one. `scale` is a power of two, and `row[t] * scale + offset` stays within ±2^51.
void pare_exact_round(
    pare_variant variant, size_t count, double scale, double offset, double low, double high,
    double *row);

/// Replaces integers by an odd table's entries: with `m = x < 0 ? ~x : x` and `k = min(m >> shift, count of entries - 1)` the
/// result is `entries[k]`, negated when x < 0. At most 2^30 entries.
void pare_exact_lookup(
    pare_variant variant, size_t count, int shift, const double *entries, size_t entry_count,
    double *row);

/// `row[t] = words[t]`, for words within ±2^53.
void pare_exact_load(pare_variant variant, size_t count, const int64_t *words, double *row);

/// `words[t] = row[t]`, for integers within ±2^63.
void pare_exact_store(pare_variant variant, size_t count, const double *row, int64_t *words);

#endif
