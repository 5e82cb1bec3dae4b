// `afn-otel tail`: traces as they come to rest in a running `afn-otel up`.
import { parseArgs } from 'node:util'
import type { FoundTrace } from '../backend/api/answers'
import { BackendError, reasonOf, request } from '../shared/queries/http'
import { table } from '../shared/queries/table'
import { answering } from './backends'
import { helpOption, print } from './help'
import { localBackend, localExitCodes, localOption } from './local/backend'
import { cells, columns, paint } from './local/terminal-format'
import { type Options, optionLines } from './options'
import { json } from './terminal'

export const options = {
  json: { type: 'boolean', default: false, help: 'prints one JSON line per trace, in the format of /api/search' },
  ...localOption,
} as const satisfies Options

const help = `Usage: afn-otel tail ['{ TRACEQL }'] [--json] [--url URL]

Follows a running afn-otel up until stopped: prints a line for each trace once no more spans arrive.

${optionLines(options)}

${localExitCodes}`

/** @returns the exit code, as `help` says; 1 when the server ends */
export async function tail(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  if (values.help) return print(help)
  const [query = '{}', more] = positionals
  if (more !== undefined) throw new Error(`unexpected argument "${more}"; quote the query`)
  const backend = localBackend(values.url)
  return answering('tail', async () => {
    const response = await request(backend, 'api/afn/tail', { q: query })
    try {
      for await (const trace of eventsOf(response)) console.log(values.json ? json(trace) : lineOf(trace))
    } catch (error) {
      throw new BackendError(`${backend.name} at ${backend.url} closed the connection (${reasonOf(error)})`)
    }
    throw new BackendError(`${backend.name} at ${backend.url} has stopped`)
  })
}

/** Its lines without the heading, which is as many. */
function lineOf(trace: FoundTrace): string {
  const lines = table(columns, [cells(trace)], { paint })
  return lines.slice(lines.length / 2).join('\n')
}

/** Server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html, as our server writes them. */
async function* eventsOf({ body }: Response): AsyncGenerator<FoundTrace> {
  let rest = ''
  for await (const text of body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = block.split('\n').flatMap(line => (line.startsWith('data: ') ? line.slice('data: '.length) : []))
      if (data.length > 0) yield JSON.parse(data.join('\n')) as FoundTrace
    }
  }
}
