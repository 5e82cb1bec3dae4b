// `afn-otel trace ID`: one trace as a tree.
import { parseArgs } from 'node:util'
import type { TraceSummary } from '../backend/api/answers'
import type { TraceBreak } from '../backend/api/break-answers'
import { readBreaks } from '../backend/api/read-breaks'
import { getJson } from '../shared/queries/http'
import { localTime } from '../shared/queries/local-time'
import type { TraceByIDResponse } from '../shared/queries/tempo-api'
import { answering } from './backends'
import { helpOption, print } from './help'
import { localBackend, localExitCodes, localOption } from './local/backend'
import { costOf } from './local/terminal-format'
import { treeLines } from './local/tree'
import { folded, type Options, optionLines } from './options'
import { page } from './pager'
import { json, styled } from './terminal'

export const options = {
  json: {
    type: 'boolean',
    default: false,
    help: 'prints the response of /api/v2/traces, plus tier, reason and breaks',
  },
  ...localOption,
} as const satisfies Options

const help = `Usage: afn-otel trace ID [--json] [--url URL]

Shows the spans of a trace as a tree: durations, LLM calls with tokens and cost, and errors. Eight levels are indented;
deeper levels are numbered.

${optionLines(options)}

${localExitCodes}`

/** @returns the exit code, as `help` says; 1 for a trace that is not there, too */
export async function trace(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  if (values.help) return print(help)
  const [id, more] = positionals
  if (id === undefined || more !== undefined || !/^[0-9a-f]{1,32}$/i.test(id))
    throw new Error('trace needs one trace id: up to 32 hexadecimal digits')
  const backend = localBackend(values.url)
  return answering('trace', async () => {
    const whole = (await getJson(backend, `api/afn/traces/${id}`, {})) as TraceSummary
    const answer = (await getJson(backend, `api/v2/traces/${id}`, {})) as TraceByIDResponse
    const breaks = await readBreaks(backend, id)
    if (values.json) return print(json({ ...answer, afn: { ...whole, breaks } }))
    const tier = whole.tier === 'errors' ? styled('red', whole.tier) : whole.tier
    const until = localTime(whole.keptUntil * 1_000)
    const about = folded(`${whole.traceId}  ${tier} (${whole.reason}), kept until ${until}`)
    return page(
      [about, folded(sumLine(whole)), ...treeLines(answer), ...breakLines(breaks), ...noteOn(answer)].join('\n'),
    )
  })
}

const sumLine = (whole: TraceSummary): string => {
  const { spans, errors, calls, inputTokens, outputTokens } = whole
  const tokens = `${inputTokens ?? 'unknown'} tokens in, ${outputTokens ?? 'unknown'} out`
  return [`${spans} spans`, `${errors} failed`, ...(calls > 0 ? [`${calls} calls`, tokens, costOf(whole)] : [])].join(
    ', ',
  )
}

/** Both ends by name: the reader has one in the tree above, and looks for the other. */
const breakLines = (breaks: readonly TraceBreak[]): string[] =>
  breaks.flatMap(({ caller, callee }) => [
    '',
    folded(
      `Another trace begins where ${caller.name} (${caller.service}) calls ${callee.name} (${callee.service}); nobody passed the context. Caller: trace ${caller.traceId}. Called: trace ${callee.traceId}.`,
    ),
  ])

/** A cut tree has its sums above, and says here that it is cut. */
const noteOn = ({ message }: TraceByIDResponse): string[] => (message ? ['', folded(`${message}.`)] : [])
