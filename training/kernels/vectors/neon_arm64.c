// NEON: 4 floats a vector, 32 registers, tiles of 6 x 16.
#define VW 4
#define MR 6
#define NRV 4
#define TARGET
#define ENTRY vf_neon
#include "table.h"
