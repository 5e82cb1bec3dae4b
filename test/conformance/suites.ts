// `npm run conformance:suites [-- NAME …] [--node 20,22,24] [--from FOLDER] [--files REGEXP]`: runs the test suites of others without
// and with the packed preload, and compares test by test. Prints a line for each suite and version of Node.js, and each test that
// ends otherwise with us; exit 1 where one is not in the table of wanted ones. How they end without us is kept beside their sources.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { nodeTests } from '../support/node-tests.mjs'
import { nodeBinary } from '../support/nodes.mjs'
import { root, setup } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { count, type Difference, differences, fileOf, type Results, type Round } from './suites/results'
import { filesOf, sourcesOf } from './suites/sources'
import { nodeSuite, type Suite, suites, upstreams } from './suites/table'
import { wanted } from './suites/wanted'

/** What has not ended alike is run again, up to so many times: a busy machine fails tests of time. */
const ROUNDS = 3

export async function main(args: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args,
    options: { node: text, from: text, files: text },
    allowPositionals: true,
  })
  const all = [nodeSuite, ...suites, ...upstreams]
  const chosen = all.filter(({ name, version }) =>
    positionals.length > 0 ? positionals.includes(name) : version || name === 'node',
  )
  if (chosen.length < positionals.length || (values.from && positionals.length !== 1)) {
    console.error('usage: npm run conformance:suites [-- NAME …] [--node 20,22,24] [--files REGEXP] [--from FOLDER]')
    console.error(`NAME is ${all.map(({ name }) => name).join(', ')}; --from is a checkout of one of them`)
    return 2
  }
  setup()
  const receiver = await startReceiver()
  try {
    let isEqual = true
    for (const suite of chosen) {
      for (const major of values.node?.split(',') ?? ['20', '22', '24']) {
        if (suite.nodes && !suite.nodes.includes(major)) continue
        const { from, files: only } = values
        const found = await compareSuite({ suite, major, from, only, endpoint: receiver.url })
        isEqual &&= found
      }
    }
    return isEqual ? 0 : 1
  } finally {
    await receiver.close()
  }
}

interface Case {
  readonly suite: Suite
  /** Of Node.js. */
  readonly major: string
  readonly from?: string | undefined
  /** Part of the files. */
  readonly only?: string | undefined
  /** Of the receiver. */
  readonly endpoint: string
}

/** Whether all that differs is wanted. */
async function compareSuite({ suite, major, from, only = '', endpoint }: Case): Promise<boolean> {
  const { version } = nodeTests(major)
  const node = nodeBinary(version)
  if ('missing' in node) throw new Error(node.missing)
  const folder = suite === nodeSuite ? nodeTests(major).folder : sourcesOf(suite, from)
  const files = filesOf(folder, suite.files).filter(file => new RegExp(only).test(file))
  const place = { folder, node: node.path }
  const logs = path.join(root, 'test/node_modules/.cache/afn-suites', suite.name, version)
  mkdirSync(logs, { recursive: true })
  const dist = path.join(root, 'node_modules/.cache/afn-packed/package/dist')
  const preload = { NODE_OPTIONS: `--require ${dist}/index.cjs`, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }
  const env = suite.env ? { ...suite.env, AFN_SUITES_DIST: dist } : preload
  const round = async (files: readonly string[], column: 'bare' | 'ours', n = 1): Promise<Round> => {
    const log = path.join(logs, `${column}-${n}.log`)
    const results = await suite.run({ ...place, env: column === 'bare' ? {} : env, log }, files)
    if (column === 'bare' && Object.keys(results).length === 0) throw new Error(`no test has run: ${log}`)
    return { files, results }
  }

  const kept = new Kept(path.join(path.dirname(folder), `${path.basename(folder)}-${version}.json`))
  const unknown = files.filter(file => !kept.files.has(file))
  if (unknown.length > 0) kept.add(await round(unknown, 'bare'))
  const bare: Round[] = [{ files, results: kept.resultsOf(files) }]
  const ours = [await round(files, 'ours')]
  const differing = () =>
    differences(bare, ours).map(found => ({ ...found, ...wanted.find(row => fits(row, suite, found)) }))
  const first = differing()
  for (let n = 2; n <= ROUNDS; n++) {
    const again = [...new Set(differing().flatMap(({ test, why }) => (why ? [] : [fileOf(test)])))]
    if (again.length === 0) break
    bare.push(await round(again, 'bare', n))
    ours.push(await round(again, 'ours', n))
  }
  const last = differing()
  print(suite, version, bare[0]!.results, ours[0]!.results, last)
  // a defect that comes now and then would be among them
  for (const { test } of first)
    if (!last.some(found => found.test === test)) console.log(`  differed in the first run alone: ${test}`)
  return last.every(({ why }) => why)
}

const fits = (row: (typeof wanted)[number], { name }: Suite, { test }: Difference) =>
  row.suite === name && row.tests.test(test)

/** How tests end without us, which is the same as long as the sources are. */
class Kept {
  readonly files: Set<string>
  #results: Results
  readonly #file: string

  constructor(file: string) {
    this.#file = file
    const kept: Round = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { files: [], results: {} }
    this.files = new Set(kept.files)
    this.#results = kept.results
  }

  add({ files, results }: Round): void {
    for (const file of files) this.files.add(file)
    this.#results = { ...this.#results, ...results }
    writeFileSync(this.#file, JSON.stringify({ files: [...this.files], results: this.#results }))
  }

  resultsOf(files: readonly string[]): Results {
    const wanted = new Set(files)
    return Object.fromEntries(Object.entries(this.#results).filter(([test]) => wanted.has(fileOf(test))))
  }
}

function print({ name }: Suite, node: string, bare: Results, ours: Results, found: (Difference & { why?: string })[]) {
  const known = found.filter(({ why }) => why)
  console.log(
    `${name}, Node.js ${node}: ${count(bare)} without, ${count(ours)} with, ${found.length - known.length} differ, ${known.length} wanted`,
  )
  for (const { test, bare, ours, why } of found)
    console.log(`  ${why ? `wanted (${why})` : 'DIFFERS'}: ${test}: ${bare.join(' ')} without, ${ours.join(' ')} with`)
}
