// `afn-otel traces`: a search in a running `afn-otel up`, as a table.
import { parseArgs } from 'node:util'
import type { SearchAnswer } from '../backend/api/answers'
import { getJson } from '../shared/queries/http'
import { table } from '../shared/queries/table'
import { windowSince } from '../shared/queries/window'
import { answering } from './backends'
import { helpOption, print } from './help'
import { localBackend, localExitCodes, localOption } from './local/backend'
import { cells, columns, paint } from './local/terminal-format'
import { limitOf } from './option-values'
import { type Options, optionLines } from './options'
import { page } from './pager'
import { json } from './terminal'

export const options = {
  since: { type: 'string', default: '1h', help: 'how far back: 90s, 30m, 1h, 3d, 2w' },
  limit: { type: 'string', default: '20', help: 'maximum number of traces' },
  json: { type: 'boolean', default: false, help: 'prints the raw response of /api/search' },
  ...localOption,
} as const satisfies Options

const help = `Usage: afn-otel traces ['{ TRACEQL }'] [--since 1h] [--limit 20] [--json] [--url URL]

Lists the traces stored in a running afn-otel up, newest first: tier, root, duration, LLM calls and their cost.

${optionLines(options)}

${localExitCodes}`

/** @returns the exit code, as `help` says */
export async function traces(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  if (values.help) return print(help)
  const [query = '{}', more] = positionals
  if (more !== undefined) throw new Error(`unexpected argument "${more}"; quote the query`)
  const { start, end } = windowSince(values.since, new Date(), Number.POSITIVE_INFINITY)
  const backend = localBackend(values.url)
  const parameters = {
    q: query,
    start: String(start),
    end: String(end),
    limit: String(limitOf(values.limit)),
    afn: 'true',
  }
  return answering('traces', async () => {
    const answer = (await getJson(backend, 'api/search', parameters)) as SearchAnswer
    if (values.json) return print(json(answer))
    if (!answer.traces?.length) return print('nothing found')
    return page(table(columns, answer.traces.map(cells), { paint }).join('\n'))
  })
}
