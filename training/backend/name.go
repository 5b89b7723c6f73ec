package backend

func (Convolution) Name() string                { return "convolution" }
func (ConvolutionInput) Name() string           { return "convolution input gradient" }
func (ConvolutionWeights) Name() string         { return "convolution weights gradient" }
func (NormedConvolution) Name() string          { return "normed convolution" }
func (NormedConvolutionGradients) Name() string { return "normed convolution gradients" }
func (ConvolutionPrediction) Name() string      { return "convolution prediction" }
func (Pack) Name() string                       { return "pack" }
func (BatchNorm) Name() string                  { return "batch norm" }
func (BatchNormGradient) Name() string          { return "batch norm gradient" }
func (BatchNormGradientInput) Name() string     { return "batch norm gradient by input" }
func (BatchNormRunning) Name() string           { return "batch norm running statistics" }
func (BatchNormFold) Name() string              { return "batch norm fold" }
func (BatchNormMaxPool) Name() string           { return "batch norm and max pooling" }
func (BatchNormMaxPoolGradient) Name() string   { return "batch norm and max pooling gradient" }
func (MaxPool) Name() string                    { return "max pooling" }
func (MaxPoolGradient) Name() string            { return "max pooling gradient" }
func (AveragePool) Name() string                { return "average pooling" }
func (AveragePoolBack) Name() string            { return "average pooling gradient" }
func (GlobalAverage) Name() string              { return "global average pooling" }
func (GlobalAverageBack) Name() string          { return "global average pooling gradient" }
func (MapStatistics) Name() string              { return "statistics of maps" }
func (MapStatisticsBack) Name() string          { return "statistics of maps gradient" }
func (Linear) Name() string                     { return "linear" }
func (LinearGradient) Name() string             { return "linear gradient" }
func (UpsampleAdd) Name() string                { return "upsampling and sum" }
func (UpsampleGradient) Name() string           { return "upsampling gradient" }
func (Picture) Name() string                    { return "picture" }
func (Concat) Name() string                     { return "concatenation" }
func (Split) Name() string                      { return "split" }
func (Dropout) Name() string                    { return "dropout" }
func (Sum) Name() string                        { return "sum" }
func (Activate) Name() string                   { return "activation" }
func (ActivateGradient) Name() string           { return "activation gradient" }
func (Multiply) Name() string                   { return "multiplication" }
func (Row) Name() string                        { return "row" }
func (Copy) Name() string                       { return "copy" }
func (CrossEntropy) Name() string               { return "cross-entropy" }
func (SigmoidCrossEntropy) Name() string        { return "sigmoid cross-entropy" }
func (Distance) Name() string                   { return "distance" }
func (DetectionLoss) Name() string              { return "detection loss" }
func (GradientNorm) Name() string               { return "gradient norm" }
func (SGD) Name() string                        { return "sgd" }
func (Adam) Name() string                       { return "adam" }
func (Average) Name() string                    { return "average" }
