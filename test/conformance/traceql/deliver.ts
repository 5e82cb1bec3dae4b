// Sends the corpus to both sides and waits until both answer with all of it.
import { ask, type Side } from './ask'
import { type ExportRequest, exportRequest, type Trace } from './data/trace'
import { patiently } from './patiently'
import { instants, type Question, searches, type Window } from './questions/question'

const batch = 100
const everySpan = instants(['{ } | count_over_time()'])[0]!
const everyTrace = searches(['{ }'])[0]!

/**
 * Late spans follow in a request of their own, yet before Tempo takes their trace for whole: once it has, their trace is two
 * until its blocks are compacted, and its answers are those of the moment.
 * @throws Error when a side does not take it
 */
export async function deliver(side: Side, traces: readonly Trace[], began: bigint): Promise<void> {
  for (let from = 0; from < traces.length; from += batch) {
    for (const late of [false, true]) await send(side, exportRequest(traces.slice(from, from + batch), began, late))
  }
}

async function send(side: Side, body: ExportRequest): Promise<void> {
  if (body.resourceSpans.length === 0) return
  const headers = { 'content-type': 'application/json' }
  const { status, text } = await patiently(side, `${side.otlp}/v1/traces`, headers, JSON.stringify(body))
  if (status !== 200) throw new Error(`${side.name} does not take the traces: ${status} ${text}`)
}

/** Whether nobody else's spans stand where the corpus is to be. */
export async function isFree(side: Side, window: Window): Promise<boolean> {
  const [counted = 0] = Object.values(await answerTo(side, everySpan, window))
  return counted === 0
}

/** @throws Error that says what a side has, when it does not have all after five minutes */
export async function untilFound(side: Side, traces: readonly Trace[], window: Window): Promise<void> {
  const spans = traces.reduce((sum, trace) => sum + trace.spans.length, 0)
  let found = ''
  for (const deadline = Date.now() + 300_000; Date.now() < deadline; ) {
    const [counted] = Object.values(await answerTo(side, everySpan, window))
    const searched = Object.keys(await answerTo(side, everyTrace, window)).length
    if (counted === spans && searched === traces.length) return
    found = `${searched} of ${traces.length} traces, ${counted} of ${spans} spans`
    await new Promise(resolve => setTimeout(resolve, 2_000))
  }
  throw new Error(`${side.name} does not find all that it took: ${found}`)
}

async function answerTo(side: Side, question: Question, window: Window): Promise<Record<string, unknown>> {
  const { answer } = await ask(side, question, window)
  return (answer ?? {}) as Record<string, unknown>
}
