// `npm run conformance -- --dir DIR [--split N] [--mouth fetch|http|http2]`: runs every recording of a folder under the
// packed preload and holds the exported span against `expected.jsonl`. Exit 1: a recording that has to be right is not;
// 2: the folder can't be read, or there is nothing in it.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { setup } from '../support/packed'
import { type CallOptions, callAll, type HttpClient, type RecordedCall } from './calls'
import { type Difference, differences } from './oracle'
import { type Expected, readFolder } from './recordings'

const usage = 'npm run conformance -- --dir DIR [--split BYTES] [--mouth fetch|http|http2]'

export async function main(args: string[]): Promise<number> {
  const options = readOptions(args)
  if (!options) {
    console.error(`usage: ${usage}`)
    return 2
  }
  const { recordings, expected, broken } = readFolder(options.dir)
  for (const problem of broken) console.error(`can't be read: ${problem}`)
  // where the host alone says whose request it is, a client of node has to be sent there
  const isReached = ({ host }: Expected) => host !== true || !options.client || options.client === 'fetch'
  const lines = [...expected.values()].filter(line => recordings.has(line.id) && isReached(line))
  if (lines.length === 0) {
    console.error(`no recording in ${options.dir}: <protocol>/<id>.json with a line in expected.jsonl is looked for`)
    return 2
  }
  for (const id of expected.keys()) if (!recordings.has(id)) console.error(`no recording of ${id}`)
  for (const id of recordings.keys()) if (!expected.has(id)) console.error(`nothing is expected of ${id}`)
  setup()
  const recorded = await callAll(
    lines.map(({ id }) => recordings.get(id)!),
    options,
  )
  const counts = new Counts()
  for (const line of lines) {
    const found = holdCall(recorded.get(line.id), line)
    for (const { field, expected, got } of found) {
      console.log(`${line.id} ${field} ${JSON.stringify(expected)} ${JSON.stringify(got)}`)
    }
    counts.add(line.scope, recordings.get(line.id)!.protocol, found.length === 0)
  }
  counts.print()
  return broken.length > 0 ? 2 : counts.right('core') ? 0 : 1
}

function readOptions(args: string[]): ({ dir: string } & CallOptions) | undefined {
  try {
    const text = { type: 'string' } as const
    const { dir, split, mouth: client } = parseArgs({ args, options: { dir: text, split: text, mouth: text } }).values
    if (!dir || (split && !/^[1-9]\d*$/.test(split)) || (client && !/^(fetch|http2?)$/.test(client))) return undefined
    return {
      dir: path.resolve(dir),
      split: split ? Number(split) : undefined,
      client: client as HttpClient | undefined,
    }
  } catch {
    return undefined
  }
}

/** A call is one span that says what it has to, and the call itself came through. */
function holdCall(recorded: RecordedCall | undefined, line: Expected): Difference[] {
  const calls = (recorded?.spans ?? []).filter(({ attributes }) =>
    Object.keys(attributes).some(key => key.startsWith('gen_ai.')),
  )
  const [span] = calls
  const found: Difference[] = []
  if (recorded?.failure) found.push({ field: 'call', expected: 'no failure', got: recorded.failure })
  if (calls.length !== 1) found.push({ field: 'spans', expected: 1, got: calls.length })
  return span ? [...found, ...differences(span.attributes, line)] : found
}

/** How many of each protocol are right; what is only nice to have is counted apart. */
class Counts {
  readonly #scopes = { core: new Map<string, [ok: number, all: number]>(), extra: new Map<string, [number, number]>() }

  add(scope: string, protocol: string, ok: boolean): void {
    const counts = this.#scopes[scope === 'extra' ? 'extra' : 'core']
    const [right, all] = counts.get(protocol) ?? [0, 0]
    counts.set(protocol, [right + (ok ? 1 : 0), all + 1])
  }

  right(scope: 'core' | 'extra'): boolean {
    return [...this.#scopes[scope].values()].every(([ok, all]) => ok === all)
  }

  print(): void {
    for (const [scope, prefix] of [
      ['core', ''],
      ['extra', 'extra '],
    ] as const) {
      for (const [protocol, [ok, all]] of this.#scopes[scope]) console.log(`${prefix}${protocol} ${ok}/${all}`)
    }
    for (const [scope, prefix] of [
      ['extra', 'extra '],
      ['core', ''],
    ] as const) {
      const sum = [...this.#scopes[scope].values()].reduce(([a, b], [ok, all]) => [a + ok, b + all], [0, 0])
      if (scope === 'core' || sum[1] > 0) console.log(`${prefix}sum ${sum[0]}/${sum[1]}`)
    }
  }
}
