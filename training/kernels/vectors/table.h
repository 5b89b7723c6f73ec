#include "base.h"
#include "gemm.h"
#include "outer.h"
#include "winograd.h"
#include "norm.h"
#include "depthwise.h"

static const vf_table table = {
	.vw = VW, .mr = MR, .nr = NR,
	.peak = peak,
	.pack_oihw = pack_oihw,
	.gemm = gemm,
	.stats = stats,
	.wino_weights = wino_weights,
	.wino_forward = wino_forward,
	.wino_grad_in = wino_grad_in,
	.wino_grad_mul = wino_grad_mul,
	.wino_grad_out = wino_grad_out,
	.outer = outer,
	.outer_plain = outer_plain,
	.panel = panel,
	.norm_apply = norm_apply,
	.norm_reduce = norm_reduce,
	.norm_back = norm_back,
	.pool_row = pool_row,
	.pool_gather_row = pool_gather_row,
	.add_act = add_act,
	.act_back = act_back,
	.sgd = sgd,
	.adam = adam,
	.dw_forward = dw_forward,
	.dw_input = dw_input,
	.dw_weights = dw_weights,
};

const vf_table *ENTRY(void) { return &table; }
