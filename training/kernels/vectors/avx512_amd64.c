// AVX-512: 16 floats a vector, 32 registers, tiles of 12 x 32.
#define VW 16
#define MR 12
#define NRV 2
#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq,fma,prefer-vector-width=512")))
#define ENTRY vf_avx512
#include "table.h"
