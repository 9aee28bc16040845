#include "dispatch.h"
#include "pare_gram.h"

#define PARE_BODY "gram_double_body.h"
#include "instantiate.h"

void pare_gram_double(
    pare_variant variant, size_t rows, size_t count, const float *x, size_t stride, double *gram) {
  DISPATCH(variant, gram_double, rows, count, x, stride, gram);
}
