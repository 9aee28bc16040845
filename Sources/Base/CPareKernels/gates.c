#include "dispatch.h"
#include "pare_gates.h"

#define PARE_BODY "gates_body.h"
#include "instantiate.h"

void pare_gates_run(
    pare_variant variant, const int32_t *program, size_t instructions, uint64_t *state,
    size_t mask, uint64_t *toggles, uint64_t *ones) {
  DISPATCH(variant, gates_run, program, instructions, state, mask, toggles, ones);
}

// Source: Warren, Hacker's Delight, second edition, section 7-3.
void pare_transpose64(uint64_t *words) {
  uint64_t mask = 0x00000000ffffffff;
  for (int width = 32; width != 0; width >>= 1, mask ^= mask << width) {
    for (int k = 0; k < 64; k = (k + width + 1) & ~width) {
      const uint64_t swapped = ((words[k] >> width) ^ words[k + width]) & mask;
      words[k + width] ^= swapped;
      words[k] ^= swapped << width;
    }
  }
}
