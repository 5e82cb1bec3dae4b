// How fast redactors are on the mix of texts: all in turns in one run, each warmed up, the best of some rounds. Called by
// redact.mjs.
const ROUNDS = 5

const spent = from => {
  const { user, system } = process.cpuUsage(from)
  return user + system
}

/** A redactor that throws costs what it took until then. */
async function pass(read, texts) {
  const from = process.cpuUsage()
  for (const text of texts) {
    try {
      const left = read(text)
      if (typeof left !== 'string') await left
    } catch {}
  }
  return spent(from)
}

/** Megabytes (10^6 bytes of UTF-8) per second of CPU time, by kind of text. */
export async function printSpeed(redactors, { blocks, short }) {
  const kinds = { 'all together': [...blocks, ...short], 'blocks of 1 to 4 KiB': blocks, 'span attributes': short }
  const best = new Map()
  for (const [name, read] of redactors) {
    for (let warm = 0; warm < (name === '@afn/otel' ? 5 : 1); warm++) await pass(read, kinds['all together'])
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [kind, texts] of Object.entries(kinds)) {
      for (const [name, read] of redactors) {
        const key = `${name} ${kind}`
        best.set(key, Math.min(best.get(key) ?? Number.POSITIVE_INFINITY, await pass(read, texts)))
      }
    }
  }
  const bytes = texts => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  console.log(`\n| MB per CPU second | ${Object.keys(kinds).join(' | ')} |\n|---|---|---|---|`)
  for (const name of redactors.keys()) {
    const row = Object.entries(kinds).map(([kind, texts]) => (bytes(texts) / best.get(`${name} ${kind}`)).toFixed(2))
    console.log(`| ${name} | ${row.join(' | ')} |`)
  }
}

/** How long our redactor takes for a text of 4 KiB, each the least of some rounds. */
export function printBlocks(redact, texts) {
  const micros = texts.map(text => {
    let least = Number.POSITIVE_INFINITY
    for (let round = 0; round < ROUNDS; round++) {
      const from = process.hrtime.bigint()
      redact(text)
      least = Math.min(least, Number(process.hrtime.bigint() - from) / 1000)
    }
    return least
  })
  micros.sort((a, b) => a - b)
  const at = share => micros[Math.floor(share * (micros.length - 1))].toFixed(0)
  console.log(`\n4 KiB, one text: median ${at(0.5)} µs, 95 % within ${at(0.95)} µs, slowest ${at(1)} µs`)
}
