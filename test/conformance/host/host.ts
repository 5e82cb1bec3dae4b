// What differs for a small program when the preload is there, but for what is wanted.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../support/packed'
import { type Ended, runNode } from '../node-process'

export const programs = path.join(root, 'test/conformance/host/programs')

/** What may differ, and why. Whatever else differs is a defect. */
export const wanted: readonly { readonly what: string; readonly why: string; readonly pattern: RegExp }[] = [
  {
    what: 'trace_id, span_id and trace_flags in lines of loggers',
    why: 'they lead from a line to its trace; AFN_LOG_CORRELATION=off leaves them out',
    pattern: /,?\\?"(?:trace_id\\?":\\?"[0-9a-f]{32}|span_id\\?":\\?"[0-9a-f]{16}|trace_flags\\?":\\?"0[01])\\?"/g,
  },
  {
    what: 'traceparent of requests that go out',
    why: 'it joins the traces of client and server; OTEL_PROPAGATORS=none leaves it out',
    pattern: /\\?"traceparent\\?":\\?"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\\?",?|,"traceparent"|"traceparent",/g,
  },
  {
    what: 'AFN151 on stderr',
    why: 'whoever replaces fetch, as msw does, may hide LLM calls; said once',
    pattern: /^\[@afn\/otel\] AFN151 .*\n/gm,
  },
  {
    what: 'one frame in the stack of a module that is required',
    why: "the hook on require calls Node's own; the frame has the name of the original",
    pattern: /^ +at Module\.require \(.*[\\/]dist[\\/]start\.cjs:\d+:\d+\)\n/gm,
  },
]

export interface Form {
  readonly name: 'require' | 'import'
  /** As after `node`, for the program itself. */
  readonly file: string
  readonly source: string
}

/** A program as a CommonJS and as an ES module; what it runs on may be to be had by `import` alone. */
export function formsOf(program: string, importOnly: boolean): Form[] {
  const source = readFileSync(path.join(programs, `${program}.mjs`), 'utf8')
  const esm: Form = { name: 'import', file: `${program}.mjs`, source }
  if (importOnly) return [esm]
  const lines = source.split('\n')
  const imports = lines.filter(line => line.startsWith('import '))
  const rest = lines.filter(line => !line.startsWith('import ')).join('\n')
  const body = `${imports.map(required).join('\n')}\n;(async () => {\n${rest}\n})()\n`
  return [{ name: 'require', file: `${program}.cjs`, source: body }, esm]
}

/** `import a, { b as c } from 'd'` in CommonJS. */
function required(line: string): string {
  const [, one, more, from] = /^import (\w+)?,? ?(\{.*\})? ?from '(.+)'$/.exec(line) ?? []
  const names = more?.replaceAll(' as ', ': ')
  const module = `require('${from}')`
  return [
    one && `const ${one} = (m => m.__esModule && 'default' in m ? m.default : m)(${module})`,
    names && `const ${names} = ${module}`,
  ]
    .filter(Boolean)
    .join('\n')
}

export interface Difference {
  readonly where: string
  readonly bare: string
  readonly preloaded: string
}

export interface Verdict {
  readonly differences: Difference[]
  /** How often each of the wanted differences was there. */
  readonly wanted: Map<string, number>
}

export interface Place {
  readonly folder: string
  readonly node: string
  /** Path of our CommonJS entry. */
  readonly preload: string
  readonly endpoint: string
  /**
   * The program breaks what our code runs on, which may say so on stderr. What goes out in the background has gone out
   * before, or goes out at the end: held here is what runs in the app's calls and events.
   */
  readonly breaksUs: boolean
}

export async function compareForm(form: Form, { folder, node, preload, endpoint, breaksUs }: Place): Promise<Verdict> {
  const args = form.name === 'require' ? ['--require', preload] : ['--import', preload.replace(/\.cjs$/, '.mjs')]
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...(breaksUs && atTheEnd) }
  const [bare, preloaded] = await Promise.all([
    timed(() => runNode(node, [...limit, form.file], folder, {})),
    timed(() => runNode(node, [...limit, ...args, form.file], folder, env)),
  ])
  return compared(bare, breaksUs ? { ...preloaded, stderr: preloaded.stderr.replace(ourLine, '') } : preloaded)
}

/** As many frames as there are: one of ours must not push another one out. */
const limit = ['--stack-trace-limit=100']

const atTheEnd = { OTEL_BSP_SCHEDULE_DELAY: '600000', OTEL_METRIC_EXPORT_INTERVAL: '600000' }

const ourLine = /^\[@afn\/otel\] AFN1\d\d .*\n/gm

type Timed = Ended & { readonly ms: number }

async function timed(run: () => Promise<Ended>): Promise<Timed> {
  const begun = Date.now()
  return { ...(await run()), ms: Date.now() - begun }
}

function compared(bare: Timed, preloaded: Timed): Verdict {
  const counts = new Map<string, number>()
  const differences: Difference[] = []
  const note = (where: string, one: string, other: string) => {
    if (one !== other) differences.push({ where, bare: one, preloaded: other })
  }
  note('exit', `${bare.code} ${bare.signal}`, `${preloaded.code} ${preloaded.signal}`)
  for (const stream of ['stdout', 'stderr'] as const) {
    const theirs = lasting(bare[stream]).split('\n')
    const ours = withoutWanted(lasting(preloaded[stream]), counts).split('\n')
    for (let n = 0; n < Math.max(ours.length, theirs.length); n++) {
      note(`${stream} line ${n + 1}`, theirs[n] ?? '(none)', ours[n] ?? '(none)')
    }
  }
  // an answer that comes at once must not wait for a limit of time; what the start costs is measured elsewhere
  if (preloaded.ms > 2 * bare.ms + 4_000) note('time', `${bare.ms} ms`, `${preloaded.ms} ms`)
  return { differences, wanted: counts }
}

/** Without what differs from one run to the next. */
function lasting(text: string): string {
  return (
    text
      // a library's own function that ours calls has a frame of ours below it, in a stack that Node prints
      .replace(/^ {4}at .*@afn\/otel\/dist\/.*\n/gm, '')
      .replace(/\(node:\d+\)/g, '(node:PID)')
      .replace(/\b(127\.0\.0\.1|localhost|\[?::1\]?):\d{2,5}\b/g, '$1:PORT')
      .replace(/\b\d+(?:\.\d+)? ?ms\b/g, 'N ms')
      .replace(/(duration_ms:?) [\d.]+/g, '$1 N')
  )
}

function withoutWanted(output: string, counts: Map<string, number>): string {
  return wanted.reduce(
    (text, { what, pattern }) =>
      text.replace(pattern, () => {
        counts.set(what, (counts.get(what) ?? 0) + 1)
        return ''
      }),
    output,
  )
}
