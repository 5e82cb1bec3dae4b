// What four times the text costs each detector, on the worst of many hostile texts.

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

function growth(read, piece) {
  const of = length => piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
  let least = Number.POSITIVE_INFINITY
  // a busy machine spoils one measurement, not three
  for (let again = 0; again < 3 && least > 5; again++) {
    least = Math.min(least, cost(read, of(16384)) / cost(read, of(4096)))
  }
  return least
}

/** By detector, alone in a scanner: its anchors, and every hostile piece, repeated to 4 and to 16 KiB. */
export function printGrowth(alone, hostile) {
  console.log('\n| detector | cost of 16 KiB / 4 KiB, the worst text | repeated |\n|---|---|---|')
  for (const { name, anchors, read } of alone) {
    let worst = [0, '']
    for (const piece of [anchors, ...hostile]) {
      const ratio = growth(read, piece)
      if (ratio > worst[0]) worst = [ratio, piece]
    }
    console.log(`| ${name} | x${worst[0].toFixed(1)} | \`${JSON.stringify(worst[1]).slice(0, 40)}\` |`)
  }
}
