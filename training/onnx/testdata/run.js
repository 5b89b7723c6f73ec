// node run.js MODEL.onnx CASES.json: runs the network on each case ({name: {type, dims, file}} with raw little-endian files) and prints an array of its outputs.
// node run.js: the same for each line of the standard input, MODEL.onnx and CASES.json as a JSON array; one line of output each, {results} or {error}.
const fs = require('fs')
const ort = require(process.env.VIEWFINDER_ONNXRUNTIME || 'onnxruntime-node')
const arrays = { float32: Float32Array, uint8: Uint8Array, int64: BigInt64Array }

async function run (model, cases) {
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const results = []
  for (const one of JSON.parse(fs.readFileSync(cases))) {
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
  return results
}

async function serve () {
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    let answer
    try {
      answer = { results: await run(...JSON.parse(line)) }
    } catch (e) {
      answer = { error: String(e) }
    }
    process.stdout.write(JSON.stringify(answer) + '\n')
  }
}

if (process.argv.length > 2) {
  run(process.argv[2], process.argv[3]).then(
    results => process.stdout.write(JSON.stringify(results)),
    e => { console.error(e); process.exit(1) })
} else {
  serve()
}
