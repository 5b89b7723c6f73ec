// node run.js MODEL.onnx CASES.json: runs the network on each case ({name: {type, dims, file}} with raw little-endian files) and prints an array of its outputs.
const fs = require('fs')
const ort = require(process.env.VIEWFINDER_ONNXRUNTIME || 'onnxruntime-node')
const arrays = { float32: Float32Array, uint8: Uint8Array, int64: BigInt64Array }

async function main () {
  const session = await ort.InferenceSession.create(process.argv[2], { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const results = []
  for (const one of JSON.parse(fs.readFileSync(process.argv[3]))) {
    const feeds = {}
    for (const [name, t] of Object.entries(one)) {
      const raw = fs.readFileSync(t.file)
      const aligned = new Uint8Array(raw).buffer
      feeds[name] = new ort.Tensor(t.type, new arrays[t.type](aligned), t.dims)
    }
    const out = await session.run(feeds)
    const plain = {}
    for (const [name, t] of Object.entries(out)) plain[name] = { dims: t.dims, data: Array.from(t.data, Number) }
    results.push(plain)
  }
  process.stdout.write(JSON.stringify(results))
}
main().catch(e => { console.error(e); process.exit(1) })
