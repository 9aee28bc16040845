#include "dispatch.h"

#define PARE_BODY "fma_probe_body.h"
#include "instantiate.h"

size_t pare_fma_probe(pare_variant variant, size_t rounds, float *sink) {
  DISPATCH(variant, fma_probe, rounds, sink);
}
