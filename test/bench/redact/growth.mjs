// What four times the text costs each detector, and a unit of its work, each on the worst of many hostile texts.

/** CPU microseconds of one call, the least of some rounds. */
function cost(read, text) {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    const from = process.cpuUsage()
    for (let call = 0; call < 8; call++) read(text)
    const { user, system } = process.cpuUsage(from)
    least = Math.min(least, (user + system) / 8)
  }
  return Math.max(least, 1)
}

const textOf = (piece, length) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length)

function growth(read, piece) {
  const of = length => textOf(piece, length)
  let least = Number.POSITIVE_INFINITY
  // a busy machine spoils one measurement, not three
  for (let again = 0; again < 3 && least > 5; again++) {
    least = Math.min(least, cost(read, of(16384)) / cost(read, of(4096)))
  }
  return least
}

/** Units for each character: of a text with less, other costs count as much. */
const LEAST_WORK = 0.5

/** Nanoseconds of a unit of work (`src/shared/redact/scan/work.ts`), 0 for a text with few. */
function unitOf(read, piece, work) {
  const text = textOf(piece, 16384)
  const before = work.spent
  read(text)
  const units = work.spent - before
  return units > text.length * LEAST_WORK ? (cost(read, text) * 1000) / units : 0
}

/** By detector, alone in a scanner: its anchors, and every hostile piece, repeated to 4 and to 16 KiB. */
export function printGrowth(alone, hostile, work) {
  console.log(
    '\n| detector | cost of 16 KiB / 4 KiB, the worst text | repeated | ns a unit of work, the worst text | repeated |\n|---|---|---|---|---|',
  )
  for (const { name, anchors, read } of alone) {
    const pieces = [anchors, ...hostile]
    const worstOf = measure =>
      pieces.reduce(
        (worst, piece) => {
          const value = measure(piece)
          return value > worst[0] ? [value, piece] : worst
        },
        [0, ''],
      )
    const shown = piece => `\`${JSON.stringify(piece).slice(0, 40)}\``
    const [ratio, grown] = worstOf(piece => growth(read, piece))
    const [ns, dear] = worstOf(piece => unitOf(read, piece, work))
    console.log(`| ${name} | x${ratio.toFixed(1)} | ${shown(grown)} | ${ns.toFixed(0)} | ${shown(dear)} |`)
  }
}
