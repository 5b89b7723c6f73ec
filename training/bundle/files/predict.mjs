// Predicts images:  npm install onnxruntime-node sharp;  node predict.mjs IMAGE ...
import fs from 'node:fs'
import ort from 'onnxruntime-node'
import sharp from 'sharp'

const file = name => new URL(name, import.meta.url)
const { labels, task, threshold } = JSON.parse(fs.readFileSync(file('labels.json'), 'utf8'))
const session = await ort.InferenceSession.create(fs.readFileSync(file('model.onnx')))

for (const path of process.argv.slice(2)) {
  // Upright RGB bytes; resizing is inside the network.
  const { data, info } = await sharp(path).rotate().flatten({ background: '#ffffff' }).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  const image = new ort.Tensor('uint8', new Uint8Array(data), [info.height, info.width, info.channels])
  const out = await session.run({ image })
  const scores = Array.from(out.confidences.data)
  let found
  if (task === 'detection') {
    found = scores.map((s, i) => ({ label: labels[Number(out.labels.data[i])], confidence: s, box: Array.from(out.boxes.data.slice(4 * i, 4 * i + 4)) })).filter(f => f.confidence >= threshold)
  } else if (task === 'tagging') {
    found = labels.map((label, i) => ({ label, confidence: scores[i] })).filter(f => f.confidence >= threshold)
  } else {
    const best = scores.indexOf(Math.max(...scores))
    found = [{ label: labels[best], confidence: scores[best] }]
  }
  console.log(JSON.stringify({ image: path, predictions: found }))
}
