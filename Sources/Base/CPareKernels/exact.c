#include "dispatch.h"
#include "pare_exact.h"

#define PARE_BODY "exact_body.h"
#include "instantiate.h"

void pare_exact_sums(
    pare_variant variant, size_t count, size_t terms, const double *coefficients,
    const ptrdiff_t *offsets, const double *x, double *sums) {
  DISPATCH(variant, exact_sums, count, terms, coefficients, offsets, x, sums);
}

void pare_exact_round(
    pare_variant variant, size_t count, double scale, double offset, double low, double high,
    double *row) {
  DISPATCH(variant, exact_round, count, scale, offset, low, high, row);
}

void pare_exact_lookup(
    pare_variant variant, size_t count, int shift, const double *entries, size_t entry_count,
    double *row) {
  DISPATCH(variant, exact_lookup, count, shift, entries, entry_count, row);
}

void pare_exact_load(pare_variant variant, size_t count, const int64_t *words, double *row) {
  DISPATCH(variant, exact_load, count, words, row);
}

void pare_exact_store(pare_variant variant, size_t count, const double *row, int64_t *words) {
  DISPATCH(variant, exact_store, count, row, words);
}
