// `afn-otel redact [FILE]`: FILE or stdin to stdout, personal data and secrets masked by the default rules, as it comes.
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { redact as redactText } from '../shared/redact'
import { explain } from '../shared/redact/explain'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'

export const options = {
  explain: {
    type: 'boolean',
    default: false,
    help: 'reports each finding on stderr as a JSON line: line, type, rule and length, never the value',
  },
} as const satisfies Options

const help = `Usage: afn-otel redact [--explain] [FILE|-]

Masks personal data and secrets in FILE or stdin by the default rules, and writes the result to stdout.

${optionLines(options)}

Exit codes: 0 done; 1 the input can't be read; 2 usage error.`

/** Lines that a private key may have: it is the one value that goes over several. */
const longestKey = 256

/**
 * Lines are redacted one by one, a private key as one piece; every other byte stays, line ends too.
 * @returns the exit code, as `help` says
 */
export async function redact(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...options, ...helpOption },
  })
  if (values.help) return print(help)
  const [file, more] = positionals
  if (more !== undefined) throw new Error(`unexpected argument "${more}"; redact reads one file`)
  const input = file === undefined || file === '-' ? process.stdin : createReadStream(file)
  let line = 1
  try {
    for await (const piece of pieces(input.setEncoding('utf8'))) {
      if (values.explain) {
        for (const hit of explain(piece)) console.error(JSON.stringify({ line, ...hit }))
      }
      line += piece.split('\n').length - 1
      if (!process.stdout.write(redactText(piece))) await once(process.stdout, 'drain')
    }
    return 0
  } catch (error) {
    // who reads us has enough: `| head`
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0
    console.error(`afn-otel: ${(error as Error).message}`)
    return 1
  }
}

/** Lines with their ends; the lines of a private key together. */
async function* pieces(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  let key: string[] = []
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/(?<=\n)/)
    rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '')
    for (const line of lines) {
      key.push(line)
      const isOpen = key[0]!.includes('-----BEGIN ') && !line.includes('-----END ')
      if (isOpen && key.length < longestKey) continue
      yield key.join('')
      key = []
    }
  }
  const last = key.join('') + rest
  if (last) yield last
}
