// A straight-line program of logic on wide words: what a netlist is compiled to.
//
// A word has PARE_GATE_LANES bits, each of them an independent copy of the circuit. Slot s of the state is the words
// `state[s * PARE_GATE_WORDS ...]`; slot 0 holds zeros and slot 1 ones. An instruction is five numbers: operation, target slot,
// slots a, b, c. All variants give the same bits.
#ifndef PARE_GATES_H
#define PARE_GATES_H

#include "pare_kernels.h"

#include <stdint.h>

enum { PARE_GATE_WORDS = 8, PARE_GATE_LANES = 64 * PARE_GATE_WORDS, PARE_GATE_FIELDS = 5 };

typedef enum pare_gate {
  /// a
  PARE_GATE_COPY = 0,
  /// ~a
  PARE_GATE_NOT = 1,
  /// a & b
  PARE_GATE_AND = 2,
  /// a & ~b
  PARE_GATE_AND_NOT = 3,
  /// a | b
  PARE_GATE_OR = 4,
  /// a | ~b
  PARE_GATE_OR_NOT = 5,
  /// a ^ b
  PARE_GATE_XOR = 6,
  /// ~(a ^ b)
  PARE_GATE_XNOR = 7,
  /// a ? b : c
  PARE_GATE_MUX = 8,
  /// Two or three of a, b, c.
  PARE_GATE_MAJORITY = 9,
  /// a ^ b ^ c
  PARE_GATE_XOR3 = 10,
  /// a & b | c
  PARE_GATE_AND_OR = 11,
  /// a & ~b | c
  PARE_GATE_AND_NOT_OR = 12,
  /// A register that a reset clears: (b ? a : target) & ~c
  PARE_GATE_REGISTER_CLEAR = 13,
  /// A register that a reset sets: (b ? a : target) | c
  PARE_GATE_REGISTER_SET = 14,
  /// a, counted: what differs from the target before is added to the target's toggles, ones to its ones.
  PARE_GATE_COMMIT = 15,
  /// The registers again, counted.
  PARE_GATE_REGISTER_CLEAR_COUNTED = 16,
  PARE_GATE_REGISTER_SET_COUNTED = 17,
} pare_gate;

/// Runs a program once.
///
/// Counting instructions look at the lanes whose bit in slot `mask` is 1 and add to `toggles[target]` and, unless it is null, to
/// `ones[target]`. Without such instructions both may be null.
void pare_gates_run(
    pare_variant variant, const int32_t *program, size_t instructions, uint64_t *state,
    size_t mask, uint64_t *toggles, uint64_t *ones);

/// Turns 64 words of 64 bits about: bit j of word i becomes bit i of word j.
void pare_transpose64(uint64_t *words);

#endif
