// `afn-otel dataset`: calls of models in a running `afn-otel up` as the cases of a dataset.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createSdkRedactor } from '../app/sdk/redactor'
import { windowSince } from '../shared/queries/window'
import { answering } from './backends'
import type { DatasetCase, Redact } from './dataset/case'
import { type Collected, collect } from './dataset/collect'
import { testOf } from './dataset/promptfoo'
import { helpOption, print } from './help'
import { localBackend, localOption } from './local/backend'
import { limitOf } from './option-values'
import { type Options, optionLines } from './options'
import { readSettings } from './read-settings'
import { json, plainText } from './terminal'

export const options = {
  query: {
    type: 'string',
    argument: 'TRACEQL',
    help: 'which calls; a span that is no call, such as a request, stands for the calls below it',
  },
  format: {
    type: 'string',
    default: 'jsonl',
    help: 'jsonl: a line per case, which evaluate reads; promptfoo: a JSON file of tests for promptfoo',
  },
  since: { type: 'string', default: '1d', help: 'how far back: 90s, 30m, 1h, 3d, 2w' },
  limit: { type: 'string', default: '1000', help: 'maximum number of cases; the newest' },
  out: { type: 'string', argument: 'FILE', help: 'output file, for you alone (mode 0600)', otherwise: 'stdout' },
  ...localOption,
} as const satisfies Options

const help = `Usage: afn-otel dataset --query TRACEQL [--format jsonl|promptfoo] [--since 1d] [--limit 1000] [--out FILE] [--url URL]

Makes a dataset of LLM calls stored in a running afn-otel up: input, answer, expected answer, scores, and where each case is from.
Personal data and secrets are masked once more by your redaction settings. Calls with the same messages, instructions, tools, agent,
model and parameters are one case. Calls need content: AFN_CAPTURE_CONTENT=redacted in the app.

${optionLines(options)}

Exit codes: 0 done; 1 up is unreachable or rejects the query, or there is no case; 2 usage error.`

const formats: Readonly<Record<string, (cases: readonly DatasetCase[]) => string>> = {
  jsonl: cases => cases.map(one => json(one)).join('\n'),
  promptfoo: cases => json(cases.map(testOf), 2),
}

const MOST_CASES = 100_000

/** @returns the exit code, as `help` says */
export async function dataset(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const { query } = values
  if (!query) throw new Error(`dataset needs --query, such as --query '{ span.gen_ai.request.model = "gpt-5" }'`)
  const format = Object.hasOwn(formats, values.format) ? formats[values.format] : undefined
  if (!format) throw new Error(`--format takes ${Object.keys(formats).join(' or ')}, not "${values.format}"`)
  const limit = limitOf(values.limit, MOST_CASES)
  const window = windowSince(values.since, new Date(), Number.POSITIVE_INFINITY)
  const backend = localBackend(values.url)
  return answering('dataset', async () => {
    const collected = await collect(backend, query, window, limit, redactor())
    for (const line of reportLines(collected, limit)) console.error(`afn-otel dataset: ${plainText(line)}`)
    if (collected.cases.length === 0) return 1
    const written = format(collected.cases)
    if (values.out === undefined) return print(written)
    writeFileSync(values.out, `${written}\n`, { mode: 0o600 })
    return 0
  })
}

/** It leaves the store: what was captured in full is masked now. */
function redactor(): Redact {
  const { redactor } = createSdkRedactor({ ...readSettings(), captureContent: 'redacted' })
  return (key, value) => redactor.value(key, value, true)
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`

function reportLines(
  { cases, calls, duplicates, withoutContent, cut, left, isLimited }: Collected,
  limit: number,
): string[] {
  const unexpected = cases.filter(({ expected }) => expected === null).length
  const same = duplicates > 0 ? [`${counted(duplicates, 'call')} with the input of another left out`] : []
  return [
    `${counted(cases.length, 'case')} of ${counted(calls, 'call')}${same.map(text => `; ${text}`).join('')}`,
    ...(withoutContent > 0
      ? [
          `${counted(withoutContent, 'call')} without content left out; set AFN_CAPTURE_CONTENT=redacted in the app to record messages from now on`,
        ]
      : []),
    ...(cut > 0
      ? [
          `${counted(cut, 'call')} with messages that were cut left out; raise OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT in the app`,
        ]
      : []),
    ...(left > 0 ? [`${counted(left, 'call')} left out: their traces have more than 32 MiB of content`] : []),
    ...(unexpected > 0
      ? [
          `${counted(unexpected, 'case')} without an expected answer: there is none, or it failed; a person's evaluation named correction gives one`,
        ]
      : []),
    ...(isLimited ? [`there are more calls; raise --limit ${limit}`] : []),
  ]
}
