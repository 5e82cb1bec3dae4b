// What was measured, as tables. Times are the least of the rounds, since whatever else the machine does only adds to them;
// counts and bytes are the median.

const KINDS = ['events', 'errors', 'clicks', 'requests', 'navigations']
/** Bytes for each that a tool sends at least when it tells of them. */
const TOLD = 10

const median = values => [...values].sort((a, b) => a - b)[values.length >> 1]

/** @param results by candidate and round; of the first one, which is the page alone, too */
export function printTables(candidates, bundles, results, counts) {
  const [alone] = results
  const least = (rounds, figure) => Math.min(...rounds.map(figure))
  const beyond = (rounds, figure) => least(rounds, figure) - least(alone, figure)
  const figures = rounds => ({
    init: beyond(rounds, ({ init }) => init),
    load: beyond(rounds, ({ load }) => load),
    ...Object.fromEntries(
      KINDS.map(kind => [kind, (1000 * beyond(rounds, ({ kinds }) => kinds[kind].cpu)) / counts[kind]]),
    ),
    leave: beyond(rounds, ({ kinds }) => kinds.leave.cpu),
    longTasks: median(rounds.map(({ longTasks }) => longTasks.length)),
    blocked: least(rounds, ({ longTasks }) => longTasks.reduce((sum, task) => sum + task - 50, 0)),
    sent: median(rounds.map(({ requests }) => requests)),
    bytes: median(rounds.map(({ bytes }) => bytes)),
  })
  const tells = (rounds, kind) => median(rounds.map(({ kinds }) => kinds[kind].bytes)) >= TOLD * counts[kind]

  console.log(`
init: milliseconds from the first line of the tool to its last, its files being there and parsed (the page alone: ${least(alone, ({ init }) => init).toFixed(1)})
load: milliseconds in which the main thread ran until three seconds after the page came: parsing, evaluation, what is put off
event, error, click, request, navigation: microseconds of the main thread for one of ${KINDS.map(kind => counts[kind]).join(', ')}, a task each,
  sending included; in brackets where the tool told nothing of it
leave: milliseconds of the main thread for ${counts.leave} events in the task in which the page is hidden
long tasks: how many had more than 50 ms, and the milliseconds beyond, the page's own ${median(alone.map(({ longTasks }) => longTasks.length))} among them
Times are less those of the page alone, and the least of the rounds; those of the main thread are the processor's, slowed down
as the page is.
`)
  console.log(
    '| | KB of gzip, at once + later | init ms | load ms | event µs | error µs | click µs | request µs | navigation µs | leave ms | long tasks, ms | requests | KB sent |',
  )
  console.log(`|---|${'---:|'.repeat(12)}`)
  const rows = candidates.map((candidate, index) => {
    const rounds = results[index]
    const of = figures(rounds)
    const { first, all } = bundles[candidate.tool]
    const cells = [
      `${(first / 1000).toFixed(1)}${all > first ? ` + ${((all - first) / 1000).toFixed(1)}` : ''}`,
      of.init.toFixed(1),
      of.load.toFixed(0),
      ...KINDS.map(kind => (tells(rounds, kind) ? of[kind].toFixed(0) : `(${of[kind].toFixed(0)})`)),
      of.leave.toFixed(1),
      `${of.longTasks}: ${of.blocked.toFixed(0)}`,
      of.sent,
      (of.bytes / 1000).toFixed(0),
    ]
    if (index) console.log(`| ${candidate.name} | ${cells.join(' | ')} |`)
    return { ...candidate, of, measured: KINDS.filter(kind => tells(rounds, kind)) }
  })
  for (const whole of [false, true]) {
    const group = rows.slice(1).filter(row => !!row.whole === whole)
    const ours = group.find(row => row.ours)
    const peers = group.filter(row => !row.ours)
    const ratios = ['init', 'load', ...ours.measured, 'leave', 'blocked', 'bytes'].flatMap(figure => {
      const theirs = peers.filter(row => !KINDS.includes(figure) || row.measured.includes(figure))
      const lowest = Math.min(...theirs.map(row => row.of[figure]))
      return theirs.length ? [`${figure} ${(ours.of[figure] / lowest).toFixed(2)}`] : []
    })
    console.log(`${ours.name} / lowest of its peers that tell it: ${ratios.join(', ')}`)
  }
}
