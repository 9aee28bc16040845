// Compiles the file named by PARE_BODY once per instruction set.
//
// A body sees: NAME(f), the function's name in this variant; PARE_TARGET, its attribute; W, floats in a register;
// MANY_REGISTERS, whether there are 32 of them rather than 16.

#if defined(__x86_64__)

#define NAME(f) f##_avx512
#define PARE_TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx2,fma")))
#define W 16
#define MANY_REGISTERS 1
#include PARE_BODY
#include "undefine.h"

#define NAME(f) f##_avx2
#define PARE_TARGET __attribute__((target("avx2,fma")))
#define W 8
#define MANY_REGISTERS 0
#include PARE_BODY
#include "undefine.h"

#endif

#define NAME(f) f##_portable
#define PARE_TARGET
#define W 4
#if defined(__aarch64__)
#define MANY_REGISTERS 1
#else
#define MANY_REGISTERS 0
#endif
#include PARE_BODY
#include "undefine.h"
