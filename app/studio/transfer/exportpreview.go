package transfer

import (
	"context"

	"viewfinder/storage/interchange"
)

// ExportPreview is what an export would write, before anything is written.
type ExportPreview struct {
	Images  int      // that the export will have
	LeftOut int      // not annotated: left out, or apart
	Boxes   int      //
	Lost    []string // what the format cannot hold, a sentence each
}

// PreviewExport counts what an export would write and lists what the format cannot hold. Nothing is written.
func (t *Transfer) PreviewExport(ctx context.Context, r ExportRequest) (ExportPreview, error) {
	var p ExportPreview
	e, err := t.prepareExport(ctx, r)
	if err != nil {
		return p, err
	}
	format, _ := interchange.Lookup(interchange.Format(r.Format))
	var held interchange.Content
	for out, err := range e.records(ctx) {
		if err != nil {
			return p, err
		}
		p.Boxes += len(out.Boxes)
		if format.Omits(out.Record) {
			p.LeftOut++
		} else {
			p.Images++
		}
		held.Count(format, out.Record)
	}
	p.Lost = append(p.Lost, format.NotHeld(held, r.options())...)
	return p, ctx.Err()
}
