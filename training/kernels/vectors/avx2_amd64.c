// AVX2 and FMA: 8 floats a vector, 16 registers, tiles of 6 x 16.
#define VW 8
#define MR 6
#define NRV 2
#define TARGET __attribute__((target("avx2,fma")))
#define ENTRY vf_avx2
#include "table.h"
