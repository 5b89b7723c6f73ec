# check.py MODEL.onnx ...: ONNX's own checker, with shape inference, on each file.
import sys
import onnx

for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
