// `npm run conformance:traceql -- --tempo URL --otlp URL [--tenant T]`: the same 5,000 traces in a real Tempo and in
// `afn-otel up`, the same questions to both, and what their answers have in common. Exit 1: an answer differs that should
// not; 2: there is nothing to compare.
import { parseArgs } from 'node:util'
import { ask, type Side } from './traceql/ask'
import { corpus, corpusSeconds } from './traceql/data/corpus'
import { deliver, isFree, untilFound } from './traceql/deliver'
import { difference } from './traceql/judge'
import { startOurs } from './traceql/ours'
import { allQuestions } from './traceql/questions/all'
import type { Question, Window } from './traceql/questions/question'

const usage = `npm run conformance:traceql -- --tempo URL --otlp URL [--tenant T] [--ours URL --ours-otlp URL] [--only TEXT]
  --tempo, --otlp      Tempo's API and its OTLP receiver, such as http://localhost:3200 http://localhost:4318
  --tenant             where Tempo has tenants (default conformance)
  --ours, --ours-otlp  one of ours that runs already, and is empty; else \`afn-otel up --memory\` is started
  --only               only questions with this in them`

export async function main(args: string[]): Promise<number> {
  const options = readOptions(args)
  if (!options) {
    console.error(`usage: ${usage}`)
    return 2
  }
  const { tempo, only } = options
  const { side: ours, stop } = options.ours ? { side: options.ours, stop: async () => {} } : await startOurs()
  try {
    const { window, ids } = await sendCorpus([tempo, ours])
    return await compareAll(
      allQuestions(ids).filter(({ text }) => text.includes(only)),
      tempo,
      ours,
      window,
    )
  } finally {
    await stop()
  }
}

/** Of the questions, in seconds. */
const longestStep = 90

/** Younger than what Tempo hides by default, and older than what it does not find yet. */
async function sendCorpus(sides: readonly Side[]): Promise<{ window: Window; ids: string[] }> {
  const window = await freeWindow(sides)
  const traces = corpus(window.start)
  for (const side of sides) await deliver(side, traces, BigInt(window.start) * 1_000_000_000n)
  console.error(`${traces.length} traces are sent; both get a minute or two until all is found`)
  // Tempo leaves out the last half minute, and with it the step that ends in it
  const lastStep = Math.ceil(window.end / longestStep) * longestStep
  await new Promise(resolve => setTimeout(resolve, (lastStep + 32) * 1_000 - Date.now()))
  for (const side of sides) await untilFound(side, traces, window)
  const ids = traces.flatMap(({ id }, index) => (index % 500 === 7 ? [id] : []))
  return { window, ids }
}

/** A run that has just ended or was cut off may have left its spans here; they grow old. */
async function freeWindow(sides: readonly Side[]): Promise<Window> {
  for (let tries = 0; tries < 5; tries += 1) {
    // on a step of every usual length, so that each run compares the same numbers
    const start = Math.floor(Date.now() / 10_000) * 10 - corpusSeconds - 10
    const window = { start, end: start + corpusSeconds + 10 }
    const free = await Promise.all(sides.map(side => isFree(side, window)))
    if (!free.includes(false)) return window
    console.error(`${sides[free.indexOf(false)]!.name} has other spans of the last minutes; waiting for half a minute`)
    await new Promise(resolve => setTimeout(resolve, 30_000))
  }
  throw new Error('other spans keep coming, so answers cannot be compared: give a tenant that nobody else writes to')
}

async function compareAll(questions: readonly Question[], tempo: Side, ours: Side, window: Window): Promise<number> {
  const counts = { same: 0, different: 0, 'on purpose': 0 }
  console.error(`${questions.length} questions`)
  for (const question of questions) {
    const answers = await Promise.all([ask(tempo, question, window), ask(ours, question, window)])
    const found = difference(question.shape, ...answers)
    const verdict = found === undefined ? 'same' : question.onPurpose ? 'on purpose' : 'different'
    counts[verdict] += 1
    if (verdict === 'different') console.log(`different   ${question.shape}: ${question.text}\n            ${found}`)
    if (verdict === 'on purpose')
      console.log(`on purpose  ${question.shape}: ${question.text}\n            ${question.onPurpose}`)
  }
  console.log(
    `${questions.length} questions: ${counts.same} same, ${counts.different} different, ${counts['on purpose']} different on purpose`,
  )
  return counts.different > 0 ? 1 : 0
}

function readOptions(args: string[]): { tempo: Side; ours: Side | undefined; only: string } | undefined {
  const text = { type: 'string' } as const
  const options = { tempo: text, otlp: text, tenant: text, ours: text, 'ours-otlp': text, only: text }
  try {
    const { values } = parseArgs({ args, options })
    if (!values.tempo || !values.otlp || Boolean(values.ours) !== Boolean(values['ours-otlp'])) return undefined
    const headers = { 'x-scope-orgid': values.tenant ?? 'conformance' }
    return {
      tempo: { name: 'Tempo', url: base(values.tempo), otlp: base(values.otlp), headers },
      ours: values.ours
        ? { name: 'ours', url: base(values.ours), otlp: base(values['ours-otlp'] ?? ''), headers: {} }
        : undefined,
      only: values.only ?? '',
    }
  } catch {
    return undefined
  }
}

/** The address of a receiver often has a path. */
const base = (url: string): string => url.replace(/\/+$/, '').replace(/\/v1\/traces$/, '')
