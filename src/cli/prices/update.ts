// `afn-otel prices update`: today's prices of LiteLLM, out of its package of PyPI, which is read and never run.
import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { inflateRawSync } from 'node:zlib'
import { isLitellmEntry, isPrice, litellmName } from '../../app/llm/report/cost/litellm-entry'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'

export const options = {
  out: { type: 'string', argument: 'FILE', default: 'litellm-prices.json', help: 'output file' },
  litellm: { type: 'string', argument: 'VERSION', help: 'LiteLLM version; default: the newest' },
  index: {
    type: 'string',
    argument: 'URL',
    default: 'https://pypi.org/pypi/litellm',
    help: 'PyPI metadata of the package, or that of a mirror',
  },
} as const satisfies Options

const help = `Usage: afn-otel prices update [--out FILE] [--litellm VERSION] [--index URL]

Writes LiteLLM's price table to FILE. The downloaded package must match the sha256 in the index. FILE is replaced atomically; on
failure it stays unchanged, and apps keep their current prices. Add it to AFN_PRICES after your own prices:
AFN_PRICES=my-prices.json,litellm-prices.json.

${optionLines(options)}

Exit codes: 0 FILE is up to date; 1 the prices could not be downloaded; 2 usage error.`

const tableFile = 'litellm/model_prices_and_context_window_backup.json'
/** Fewer are a table that has lost most of them. */
const fewest = 500

interface Release {
  readonly version: string
  readonly url: string
  readonly sha256: string
  readonly date: string
}

/** @returns the exit code */
export async function update(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  try {
    const release = await releaseOf(values.index.replace(/\/$/, ''), values.litellm)
    const source = { table: `litellm@${release.version}`, sha256: release.sha256, date: release.date }
    if (sourceIn(values.out)?.sha256 === release.sha256) return print(`${values.out} already contains ${source.table}`)
    const wheel = Buffer.from(await (await get(release.url)).arrayBuffer())
    const actual = createHash('sha256').update(wheel).digest('hex')
    if (actual !== release.sha256) {
      throw new Error(`${release.url} has sha256 ${actual}, but the index lists ${release.sha256}; discarded`)
    }
    const models = pricesIn(JSON.parse(unzipped(wheel, tableFile).toString()))
    const count = Object.keys(models).length
    if (count < fewest) throw new Error(`${source.table} has prices for only ${count} models; discarded`)
    replace(values.out, `${JSON.stringify({ $source: source, ...models })}\n`)
    return print(`${values.out}: ${count} models of ${source.table}, of ${release.date}; AFN_PRICES=${values.out}`)
  } catch (error) {
    const kept = sourceIn(values.out)
    const left = kept ? `${values.out} is unchanged, ${kept.table} of ${kept.date}` : 'the built-in prices stay in use'
    console.error(`afn-otel prices update: ${error instanceof Error ? error.message : String(error)}; ${left}`)
    return 1
  }
}

async function releaseOf(index: string, version: string | undefined): Promise<Release> {
  const url = version === undefined ? `${index}/json` : `${index}/${version}/json`
  const { info, urls } = (await (await get(url)).json()) as {
    info?: { version?: string }
    urls?: { packagetype?: string; url?: string; digests?: { sha256?: string }; upload_time?: string }[]
  }
  const wheel = urls?.find(({ packagetype }) => packagetype === 'bdist_wheel')
  const sha256 = wheel?.digests?.sha256
  if (!info?.version || !wheel?.url || !sha256) throw new Error(`${url} lists no wheel with a sha256`)
  return { version: info.version, url: wheel.url, sha256, date: String(wheel.upload_time).slice(0, 10) }
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) }).catch(error => {
    throw new Error(`${url}: ${error.cause?.message ?? error.message}`)
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`)
  return response
}

/** What an app has to read of it: prices, and whose they are. 0 stands there for what is free, and for what nobody has entered. */
function pricesIn(table: Readonly<Record<string, unknown>>): Record<string, object> {
  const models: Record<string, object> = {}
  for (const [key, entry] of Object.entries(table)) {
    if (!isLitellmEntry(entry) || litellmName(key, entry) === undefined) continue
    if (entry.input_cost_per_token === 0 && !entry.output_cost_per_token) continue
    models[key] = Object.fromEntries(Object.entries(entry).filter(([field]) => isRead(field)))
  }
  return models
}

function isRead(field: string): boolean {
  return isPrice(field) || /^(?:litellm_provider|provider_specific_entry|web_search_billing_unit)$|uplift/.test(field)
}

function sourceIn(file: string): { table: string; sha256: string; date: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).$source
  } catch {
    return undefined
  }
}

function replace(file: string, content: string): void {
  const unfinished = `${file}.${process.pid}.unfinished`
  try {
    writeFileSync(unfinished, content)
    renameSync(unfinished, file)
  } finally {
    rmSync(unfinished, { force: true })
  }
}

const endMark = 0x06054b50
const entryMark = 0x02014b50

/** One file of a zip archive, as wheels are. */
function unzipped(archive: Buffer, name: string): Buffer {
  const end = archive.lastIndexOf(Buffer.from(Uint32Array.of(endMark).buffer))
  if (end < 0) throw new Error('the package is not a zip archive')
  let at = archive.readUInt32LE(end + 16)
  while (archive.readUInt32LE(at) === entryMark) {
    const [method, packed] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)]
    const [nameLength, extra, comment] = [28, 30, 32].map(offset => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    if (archive.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const local = archive.readUInt32LE(at + 42)
      const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
      const bytes = archive.subarray(start, start + packed)
      return method === 0 ? bytes : inflateRawSync(bytes)
    }
    at += 46 + nameLength + extra + comment
  }
  throw new Error(`the package has no ${name}`)
}
