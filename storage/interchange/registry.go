package interchange

// formats has a row for each format, in the order of the documentation.
var formats = []Definition{
	foldersFormat,
	csvFormat,
	cocoFormat,
	yoloFormat,
	vocFormat,
	labelmeFormat,
	cvatFormat,
	labelStudioFormat,
	createMLFormat,
	viaFormat,
	vottFormat,
	kittiFormat,
	openImagesFormat,
	datumaroFormat,
	tfrecordFormat,
	parquetFormat,
	studioFormat,
	imagesFormat,
}
