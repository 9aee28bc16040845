#include "dispatch.h"
#include "pare_recurrent.h"

#define PARE_BODY "recurrent_body.h"
#include "instantiate.h"

void pare_gru(
    pare_variant variant, const pare_gru_layer *layer, size_t count, const float *x, float *trace,
    float *y) {
  DISPATCH(variant, gru, layer, count, x, trace, y);
}

void pare_gru_derivative(
    pare_variant variant, const pare_gru_layer *layer, size_t count, const float *trace,
    const float *dx, float *dy) {
  DISPATCH(variant, gru_derivative, layer, count, trace, dx, dy);
}
