// Float kernels of the convolutional networks: a streaming forward pass, its gradients, and the optimizer's step.
//
// One result, whatever the processor. Every kernel exists once per instruction set ("variant") and all variants give
// the same bits: each output is one chain of fused multiply-adds in a documented order, sums over time run in 16
// logical lanes that one fixed tree adds up, and no library function with a rounding of its own is called.
//
// Signals are planar: channel c of a signal starts at `base + c * stride`. Pointers need no alignment. Outputs never
// overlap inputs unless a contract says "in place". Counts may be any positive number unless a contract says more.
#ifndef PARE_KERNELS_H
#define PARE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/// Lanes in which sums over time are taken; `t` is added to lane `t % PARE_LANES`.
enum { PARE_LANES = 16 };

/// Instruction sets, slowest first.
typedef enum pare_variant {
  /// Plain vector code: SSE2 on x86-64 (fused multiply-add from the C library), NEON on arm64.
  PARE_PORTABLE = 0,
  /// x86-64 with AVX2 and FMA.
  PARE_AVX2 = 1,
  /// x86-64 with AVX-512F.
  PARE_AVX512 = 2,
} pare_variant;

enum { PARE_VARIANT_COUNT = 3 };

/// Whether this processor can run the variant. Calling a kernel with another variant is undefined.
bool pare_variant_is_available(pare_variant variant);

/// The environment's PARE_KERNELS: the name of the variant to use; NULL when unset or empty. For comparisons; results do not depend on it.
const char *pare_wanted_variant(void);

/// The variant that pare_wanted_variant names if this processor can run it, else the fastest that it can run.
pare_variant pare_best_variant(void);

/// "portable", "avx2", "avx512".
const char *pare_variant_name(pare_variant variant);

// MARK: convolution

/// Sizes of one convolution, and the strides of the two signals it joins.
typedef struct pare_conv1d {
  size_t output_channels;
  size_t input_channels;
  size_t kernel_size;
  /// Samples from one tap to the next, at least 1.
  size_t dilation;
  /// Floats from one channel of the input signal to the next.
  size_t input_stride;
  /// Floats from one channel of the output signal to the next.
  size_t output_stride;
} pare_conv1d;

/// What follows a convolution, element by element.
typedef enum pare_activation {
  PARE_IDENTITY = 0,
  PARE_RELU = 1,
  PARE_LEAKY_RELU = 2,
  PARE_HARD_TANH = 3,
  PARE_TANH = 4,
} pare_activation;

/// Valid convolution, tap 0 on the newest sample:
///
///     y[o][t] = bias[o] + sum over i, k of weights[o][i][k] * x[i][t + (kernel_size - 1 - k) * dilation]
///
/// Order: starts from the bias (0 when `biases` is NULL), then i outer and k inner, one fused multiply-add each.
/// Reads `count + (kernel_size - 1) * dilation` samples of each input channel, writes `count` of each output channel.
void pare_conv1d_forward(
    pare_variant variant, const pare_conv1d *shape, size_t count, const float *x,
    const float *weights, const float *biases, float *y);

/// `pare_conv1d_forward` and then the activation, on the way to memory; the bits are those of the two in turn.
/// `slope` is the leaky rectifier's, ignored by the others.
void pare_conv1d_activated(
    pare_variant variant, const pare_conv1d *shape, size_t count, const float *x,
    const float *weights, const float *biases, pare_activation activation, float slope, float *y);

/// Transposes channels and reverses taps: `flipped[i][o][kernel_size - 1 - k] = weights[o][i][k]`.
///
/// The gradient of a valid convolution's input is `pare_conv1d_forward` with the flipped weights, channel counts
/// exchanged, the same dilation and no bias, over the output's gradient with `(kernel_size - 1) * dilation` zeros on
/// either side.
void pare_conv1d_flip(const pare_conv1d *shape, const float *weights, float *flipped);

/// That, times the gradient of the activation whose outputs `signals` the convolution took in; the bits are those of the
/// two in turn. `shape` is the transposed convolution's, its `output_stride` the one of `signals` and of `y`.
void pare_conv1d_input_gradient(
    pare_variant variant, const pare_conv1d *shape, size_t count, const float *gradient,
    const float *flipped, pare_activation activation, float slope, const float *signals,
    float *y);

/// Adds to the per-lane partial sums of the weights' and biases' gradients:
///
///     weight_lanes[o][i][k][t % 16] +=
///         gradient[o][t] * x[i][t + (kernel_size - 1 - k) * dilation]     (fused, t ascending)
///     bias_lanes[o][t % 16] += gradient[o][t]         (bias_lanes may be NULL)
///
/// `shape->output_stride` is the gradient's stride. `count` is a multiple of PARE_LANES: a shorter gradient is followed
/// by zeros, and the samples of x that meet them must be readable and finite.
void pare_conv1d_weight_gradient(
    pare_variant variant, const pare_conv1d *shape, size_t count, const float *x,
    const float *gradient, float *weight_lanes, float *bias_lanes);

/// Adds up lanes: `sums[n]` = tree over `lanes[n][0...15]` (l + l+8, then + l+4, + l+2, + l+1).
void pare_reduce_lanes(pare_variant variant, size_t count, const float *lanes, float *sums);

// MARK: activations

/// `y[t] = max(x[t], 0)`; may run in place.
void pare_relu(pare_variant variant, size_t count, const float *x, float *y);

/// `gradient[t] *= y[t] > 0`, y being the output of `pare_relu`; a gradient it stops becomes +0.
void pare_relu_gradient(pare_variant variant, size_t count, const float *y, float *gradient);

/// `y[t] = x[t] > 0 ? x[t] : x[t] * slope`; may run in place.
void pare_leaky_relu(pare_variant variant, size_t count, float slope, const float *x, float *y);

/// `gradient[t] *= y[t] > 0 ? 1 : slope`, y being the output of `pare_leaky_relu` with a positive slope.
void pare_leaky_relu_gradient(
    pare_variant variant, size_t count, float slope, const float *y, float *gradient);

/// `y[t]` = x[t] clamped to -1 ... 1; may run in place.
void pare_hard_tanh(pare_variant variant, size_t count, const float *x, float *y);

/// `gradient[t] *= |y[t]| < 1`, y being the output of `pare_hard_tanh`; a gradient it stops becomes +0.
void pare_hard_tanh_gradient(pare_variant variant, size_t count, const float *y, float *gradient);

/// Hyperbolic tangent, within 6 ulp and 4e-7; odd, and exactly +-1 from 9.02 on; may run in place.
void pare_tanh(pare_variant variant, size_t count, const float *x, float *y);

/// `gradient[t] *= 1 - y[t] * y[t]`, y being the output of `pare_tanh`.
void pare_tanh_gradient(pare_variant variant, size_t count, const float *y, float *gradient);

// MARK: loss and optimizer

/// Squared error of one channel and its gradient:
///
///     e[t] = (prediction[t] + skip[t]) - target[t]      (skip may be NULL)
///     gradient[t] = scale * e[t]                        (gradient may be NULL)
///
/// - Returns: the sum of e[t]^2, in 16 lanes and the tree of `pare_reduce_lanes`.
float pare_squared_error(
    pare_variant variant, size_t count, const float *prediction, const float *skip,
    const float *target, float scale, float *gradient);

/// Constants of one Adam step.
typedef struct pare_adam {
  float rate;
  float beta1;
  float beta2;
  /// `1 / (1 - beta1^step)`.
  float correction1;
  /// `1 / (1 - beta2^step)`.
  float correction2;
  float epsilon;
} pare_adam;

/// One step of Adam on `count` parameters; those whose `trainable` is 0 (the others' is 1) keep their value.
///
///     g = gradient * trainable
///     first  = first  + (1 - beta1) * (g - first)
///     second = second + (1 - beta2) * (g * g - second)
///     parameter -= trainable * rate * (first * correction1) / (sqrt(second * correction2) + epsilon)
///
/// Source: Kingma, Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, algorithm 1.
void pare_adam_step(
    pare_variant variant, size_t count, const pare_adam *constants, const float *gradient,
    const float *trainable, float *parameters, float *first, float *second);

/// Asks for samples that will be read soon, so that they are in the second-level cache by then; changes no result.
void pare_prefetch(size_t count, const float *x);

// MARK: measurement

/// Multiply-adds in registers only, as fast as the variant can: what one core could reach at best.
///
/// - Parameters:
///   - rounds: each takes a few cycles.
///   - sink: 16 floats, written.
/// - Returns: floating-point operations done, two for each multiply-add.
size_t pare_fma_probe(pare_variant variant, size_t rounds, float *sink);

#endif
