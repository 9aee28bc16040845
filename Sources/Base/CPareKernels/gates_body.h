// One slot at a time; the compiler splits it into the registers of the variant.
#define VW NAME(gate_word)
typedef uint64_t VW __attribute__((vector_size(8 * PARE_GATE_WORDS), aligned(8), may_alias));

// Sums of bits in three carry-save steps, so that eight words cost four counts.
INLINE PARE_TARGET uint64_t NAME(count)(const VW *bits) {
  uint64_t x[PARE_GATE_WORDS];
  for (int i = 0; i < PARE_GATE_WORDS; ++i) x[i] = (*bits)[i];
#define FULL(s, c, p, q, r)            \
  const uint64_t s = p ^ q ^ r;        \
  const uint64_t c = (p & q) | (r & (p ^ q))
  FULL(s0, c0, x[0], x[1], x[2]);
  FULL(s1, c1, x[3], x[4], x[5]);
  FULL(s2, c2, x[6], x[7], s0);
  const uint64_t one = s1 ^ s2, c3 = s1 & s2;
  FULL(t0, d0, c0, c1, c2);
  const uint64_t two = t0 ^ c3, d1 = t0 & c3;
  const uint64_t four = d0 ^ d1, eight = d0 & d1;
#undef FULL
  return (uint64_t)__builtin_popcountll(one) + 2 * (uint64_t)__builtin_popcountll(two) +
         4 * (uint64_t)__builtin_popcountll(four) + 8 * (uint64_t)__builtin_popcountll(eight);
}

PARE_TARGET static void NAME(gates_run)(
    const int32_t *program, size_t instructions, uint64_t *state, size_t mask, uint64_t *toggles,
    uint64_t *ones) {
#define SLOT(index) (*(VW *)(state + (size_t)(index) * PARE_GATE_WORDS))
#define A SLOT(at[2])
#define B SLOT(at[3])
#define C SLOT(at[4])
// Every operation jumps to the next one itself, so that each has a prediction of its own.
#define NEXT                  \
  at += PARE_GATE_FIELDS;     \
  if (at == end) return;      \
  goto *labels[at[0]]
#define OP(value)                \
  {                              \
    const VW result = value;     \
    SLOT(at[1]) = result;        \
    NEXT;                        \
  }
#define COUNTED(value)                                            \
  {                                                               \
    const VW result = value;                                      \
    const VW changed = (result ^ SLOT(at[1])) & SLOT(mask);       \
    toggles[at[1]] += NAME(count)(&changed);                      \
    if (ones) {                                                   \
      const VW high = result & SLOT(mask);                        \
      ones[at[1]] += NAME(count)(&high);                          \
    }                                                             \
    SLOT(at[1]) = result;                                         \
    NEXT;                                                         \
  }
  static const void *const labels[] = {
      [PARE_GATE_COPY] = &&copy_gate,
      [PARE_GATE_NOT] = &&not_gate,
      [PARE_GATE_AND] = &&and_gate,
      [PARE_GATE_AND_NOT] = &&and_not_gate,
      [PARE_GATE_OR] = &&or_gate,
      [PARE_GATE_OR_NOT] = &&or_not_gate,
      [PARE_GATE_XOR] = &&xor_gate,
      [PARE_GATE_XNOR] = &&xnor_gate,
      [PARE_GATE_MUX] = &&mux_gate,
      [PARE_GATE_MAJORITY] = &&majority_gate,
      [PARE_GATE_XOR3] = &&xor3_gate,
      [PARE_GATE_AND_OR] = &&and_or_gate,
      [PARE_GATE_AND_NOT_OR] = &&and_not_or_gate,
      [PARE_GATE_REGISTER_CLEAR] = &&register_clear_gate,
      [PARE_GATE_REGISTER_SET] = &&register_set_gate,
      [PARE_GATE_COMMIT] = &&commit_gate,
      [PARE_GATE_REGISTER_CLEAR_COUNTED] = &&register_clear_counted_gate,
      [PARE_GATE_REGISTER_SET_COUNTED] = &&register_set_counted_gate,
  };
  if (instructions == 0) return;
  const int32_t *at = program;
  const int32_t *end = program + instructions * PARE_GATE_FIELDS;
  goto *labels[at[0]];
  copy_gate: OP(A)
  not_gate: OP(~A)
  and_gate: OP(A & B)
  and_not_gate: OP(A & ~B)
  or_gate: OP(A | B)
  or_not_gate: OP(A | ~B)
  xor_gate: OP(A ^ B)
  xnor_gate: OP(~(A ^ B))
  mux_gate: OP(C ^ (A & (B ^ C)))
  majority_gate: OP((A & B) | (C & (A ^ B)))
  xor3_gate: OP(A ^ B ^ C)
  and_or_gate: OP((A & B) | C)
  and_not_or_gate: OP((A & ~B) | C)
  register_clear_gate: OP((SLOT(at[1]) ^ (B & (A ^ SLOT(at[1])))) & ~C)
  register_set_gate: OP((SLOT(at[1]) ^ (B & (A ^ SLOT(at[1])))) | C)
  commit_gate: COUNTED(A)
  register_clear_counted_gate: COUNTED((SLOT(at[1]) ^ (B & (A ^ SLOT(at[1])))) & ~C)
  register_set_counted_gate: COUNTED((SLOT(at[1]) ^ (B & (A ^ SLOT(at[1])))) | C)
#undef SLOT
#undef NEXT
#undef A
#undef B
#undef C
#undef OP
#undef COUNTED
#undef VW
}
