// `node test/redact/corpus/write.mjs [SCALE [SEED]]` writes the corpus to stdout, one JSON object a line, for other tools:
// {"id","family","scene","text","labels":[{"start","end","type","family"}]}, positions in UTF-16 code units.
import { corpus } from './generate.mjs'

const [scale, seed] = process.argv.slice(2).map(Number)
for (const text of corpus({ scale, seed })) process.stdout.write(`${JSON.stringify(text)}\n`)
