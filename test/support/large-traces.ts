// A trace with more spans, and a session with more calls, than one answer of `afn-otel up` has, and their sums.

export interface LargeTraces {
  /** In hex, without the zeros that it begins with. */
  readonly largeId: string
  readonly turns: number
  /** Requests of OTLP/JSON of 1,000 spans at most; those of the trace first. Sums are whole once all were taken. */
  readonly requests: () => Generator<object>
  /** Of the trace. */
  readonly truth: Sums & { errors: number }
  readonly session: Sums
}

interface Sums {
  calls: number
  costUsd: number
  inputTokens: number
  outputTokens: number
}

export const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const string = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const int = (key: string, value: number) => ({ key, value: { intValue: String(value) } })
const each = 1_000

/** The first 5,000 spans have one, and are more than an answer has. */
const prompt = 'word '.repeat(2_000)

/** Cost and tokens are whole numbers of a kind that adds up exactly. */
function call(n: number, sums: Sums, more: readonly object[]) {
  sums.calls++
  sums.costUsd += (n % 64) / 64
  sums.inputTokens += n % 1_000
  sums.outputTokens += n % 100
  return [
    string('gen_ai.operation.name', 'chat'),
    string('gen_ai.request.model', `model-${n % 3}`),
    int('gen_ai.usage.input_tokens', n % 1_000),
    int('gen_ai.usage.output_tokens', n % 100),
    { key: 'afn.llm.cost.total', value: { doubleValue: (n % 64) / 64 } },
    ...more,
  ]
}

/** The nth span of a trace, a millisecond after the one before. `start` in Unix milliseconds. */
export function spanOf(start: number, traceId: string, n: number, attributes: readonly object[], failed = false) {
  const from = BigInt(start + n) * 1_000_000n
  return {
    traceId,
    spanId: hex(n + 1, 16),
    name: n === 0 ? 'root' : 'step',
    kind: 1,
    startTimeUnixNano: String(from),
    endTimeUnixNano: String(from + 1_000_000n),
    status: { code: failed ? 2 : 0 },
    attributes,
  }
}

export const ofSpans = (spans: readonly object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] })

/** A trace of `spans` spans, of which every tenth is a call, and a session of `turns` calls, each in a trace of its own. */
export function largeTraces(start: number, spans: number, turns: number): LargeTraces {
  const traceId = hex(0xabc, 32)
  const truth = { calls: 0, costUsd: 0, inputTokens: 0, outputTokens: 0, errors: 0 }
  const session = { calls: 0, costUsd: 0, inputTokens: 0, outputTokens: 0 }

  function ofTrace(n: number) {
    const failed = n % 7 === 3
    truth.errors += Number(failed)
    const attributes =
      n % 10 === 1 ? call(n, truth, [string('user.id', 'one')]) : n < 5_000 ? [string('said', prompt)] : []
    return { ...spanOf(start, traceId, n, attributes, failed), ...(n > 0 && { parentSpanId: hex(1, 16) }) }
  }
  const ofSession = (n: number) =>
    spanOf(start, hex(0x1000 + n, 32), n, call(n, session, [string('session.id', 'long'), string('user.id', 'other')]))

  return {
    largeId: traceId,
    turns,
    truth,
    session,
    *requests() {
      for (const [count, make] of [
        [spans, ofTrace],
        [turns, ofSession],
      ] as const)
        for (let first = 0; first < count; first += each)
          yield ofSpans(Array.from({ length: Math.min(each, count - first) }, (_, at) => make(first + at)))
    },
  }
}
