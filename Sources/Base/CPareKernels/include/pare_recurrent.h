// Kernels of gated recurrent units: a signal through one layer, and a direction through its derivative.
//
// The rules of pare_kernels.h hold here too: one result for all variants, fused operations where a contract says so.
#ifndef PARE_RECURRENT_H
#define PARE_RECURRENT_H

#include "pare_kernels.h"

/// Rows of one gate are stored in whole blocks of this many floats.
enum { PARE_GATE_BLOCK = 8 };

/// Most floats of one gate.
enum { PARE_GATE_LIMIT = 128 };

/// Sizes and weights of one gated recurrent unit with two linear outputs and no biases.
///
/// `gate` is a multiple of PARE_GATE_BLOCK, at least `hidden + 2` and at most PARE_GATE_LIMIT. A column of weights is
/// `3 * gate` floats: the rows of the gates r, z and n, padded with zeros. In the columns of the recurrent weights, rows
/// `hidden` and `hidden + 1` of gate n hold the weights of the two outputs.
typedef struct pare_gru_layer {
  size_t hidden;
  size_t gate;
  size_t features;
  /// `[features][3 * gate]`
  const float *input_weights;
  /// `[hidden][3 * gate]`
  const float *recurrent_weights;
} pare_gru_layer;

/// Runs a signal from state 0:
///
///     r = s(Wr x + Ur h), z = s(Wz x + Uz h), c = Un h, n = tanh(Wn x + r c), h' = n + z (h - n), y = V h'
///
/// with `s(a) = (1 + tanh(a / 2)) / 2`. Sums start from 0 and are fused, the state's terms first, indices ascending. `x` is
/// `[count][features]`, `y` is `[count][2]`. Unless it is NULL, `trace` takes `[count][5 * gate]`: r, z, n, c, h of each step.
void pare_gru(
    pare_variant variant, const pare_gru_layer *layer, size_t count, const float *x, float *trace,
    float *y);

/// Pushes a direction `dx` of the input through the derivative at the signal whose `trace` is given.
void pare_gru_derivative(
    pare_variant variant, const pare_gru_layer *layer, size_t count, const float *trace,
    const float *dx, float *dy);

#endif
