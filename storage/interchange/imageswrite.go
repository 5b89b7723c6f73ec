package interchange

// imagesExporter writes the images alone.
type imagesExporter struct{}

func (imagesExporter) begin(*exportFolder, Header) error { return nil }
func (imagesExporter) place(Record) string               { return "" }
func (imagesExporter) add(Record, func(string)) error    { return nil }
func (imagesExporter) end() error                        { return nil }
