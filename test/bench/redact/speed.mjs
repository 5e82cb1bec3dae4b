// How fast redactors are on the mix of texts: all in turns in one run, each warmed up, the best of some rounds.
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

const kindsOf = ({ blocks, short }) => ({
  'all together': [...blocks, ...short],
  'blocks of 1 to 4 KiB': blocks,
  'span attributes': short,
})
const bytes = texts => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)

/**
 * Megabytes (10^6 bytes of UTF-8) per second of CPU time, by kind of text. Texts are new in every pass, since we remember
 * those in which nothing was found; what repeats within a mix repeats as it does in traffic.
 * @param mixOf the mix of a seed
 */
export async function printSpeed(redactors, mixOf) {
  const best = new Map()
  for (const [name, read] of redactors) {
    for (let seed = 100; seed < (name === '@afn/otel' ? 105 : 101); seed++)
      await pass(read, kindsOf(mixOf(seed))['all together'])
  }
  const kinds = Object.keys(kindsOf(mixOf(1)))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, kind] of kinds.entries()) {
      const texts = kindsOf(mixOf(1 + round * kinds.length + index))[kind]
      for (const [name, read] of redactors) {
        const speed = bytes(texts) / (await pass(read, texts))
        best.set(`${name} ${kind}`, Math.max(best.get(`${name} ${kind}`) ?? 0, speed))
      }
    }
  }
  console.log(`\n| MB per CPU second | ${kinds.join(' | ')} |\n|---|---|---|---|`)
  for (const name of redactors.keys()) {
    console.log(`| ${name} | ${kinds.map(kind => best.get(`${name} ${kind}`).toFixed(2)).join(' | ')} |`)
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
