// `npm run conformance:wire [-- --only TEXT] [--node 20,22,24,26] [--quick] [--verbose]`: the newest clients, calling loopback providers
// under the providers' own names, whose answers are made of facts by the providers' types. Holds the exported spans and counters
// against the facts, and what each application got against a run without us. Prints what is not exact, and a table; exit 1 where
// anything is wrong, double, silent or dark that no page says. `--only` takes a group, or a part of a case's name.
import { cpSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root, setup } from '../support/packed'
import { allNodes, type Case, type Node, type Verdict } from './wire/case'
import { type Place, runCase } from './wire/child'
import { groups, hosts } from './wire/groups'
import { type Judgement, judge } from './wire/judge'
import { startLoopback } from './wire/loopback'
import { isInside, reasonAgainst, runInside } from './wire/namespace'
import { typeProblems } from './wire/types'

const here = path.dirname(fileURLToPath(import.meta.url))
const manifest = path.join(here, 'wire/package.json')

export async function main(args: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = { only: text, node: text, quick: flag, verbose: flag } as const
  const { only = '', node, quick = false, verbose = false } = parseArgs({ args, options }).values
  const short = new Set<Node>([nodeAtHand(), 24])
  const wanted = node ? (node.split(',').map(Number) as Node[]) : quick ? [...short] : allNodes
  const chosen = groups.flat().filter(one => (one.group === only || one.name.includes(only)) && (!quick || one.quick))
  if (chosen.length === 0 || wanted.some(version => !nodes[version])) {
    console.error(`usage: npm run conformance:wire [-- --only TEXT] [--node ${allNodes}] [--quick] [--verbose]`)
    return 2
  }
  const modules = path.join(installOnce(manifest, 'wire'), 'node_modules')
  if (isInside) return runAll(chosen, wanted, modules, verbose)
  const reason = reasonAgainst()
  if (reason) {
    console.log(`skipped: ${reason}`)
    return 0
  }
  const problems = typeProblems(here, manifest, modules)
  if (problems) {
    console.error(problems)
    return 2
  }
  for (const version of wanted) binaryOf(version)
  setup()
  return runInside(hosts, [path.join(here, 'run.mjs'), 'wire', ...args])
}

const nodeAtHand = (): Node => allNodes.find(version => process.version.startsWith(`v${version}.`)) ?? 20

function binaryOf(version: Node): { path: string } | { missing: string } {
  return version === nodeAtHand() ? { path: process.execPath } : nodeBinary(nodes[version])
}

async function runAll(chosen: Case[], wanted: Node[], modules: string, verbose: boolean): Promise<number> {
  const loopback = await startLoopback(hosts, modules)
  const folders = new Map<string, string>()
  const table = new Table()
  try {
    for (const version of wanted) {
      const node = binaryOf(version)
      if ('missing' in node) {
        console.log(`skipped: ${node.missing}`)
        continue
      }
      for (const one of chosen) {
        if (one.nodes && !one.nodes.includes(version)) continue
        const key = JSON.stringify(one.modules ?? {})
        const folder = folders.get(key) ?? makeFolder(one, modules)
        folders.set(key, folder)
        const place: Place = { loopback, folder, node: node.path }
        const bare = await runCase(one, place, false)
        const judged = judge(one, bare, await runCase(one, place, true))
        for (const judgement of judged) table.add(one, version, judgement, verbose)
      }
    }
  } finally {
    loopback.close()
    for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true })
  }
  return table.print()
}

/** An app with all packages of the manifest in it, those of the case under their own names. */
function makeFolder({ modules: own = {} }: Case, modules: string): string {
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8'))
  const names = Object.fromEntries(Object.keys(dependencies).map(name => [name, name]))
  const found = Object.entries({ ...names, ...own }).map(([name, folder]) => [name, path.join(modules, folder)])
  const folder = makeApp({ files: {}, modules: Object.fromEntries(found) })
  cpSync(path.join(here, 'wire/apps'), folder, { recursive: true })
  cpSync(path.join(root, 'test/clients/plain.mjs'), path.join(folder, 'plain.mjs'))
  return folder
}

const verdicts: readonly Verdict[] = ['exact', 'unpriced', 'wrong', 'double', 'silent', 'dark', 'refused']

class Table {
  readonly #counts = new Map<string, Map<Verdict, { all: number; documented: number }>>()
  #failed = 0

  add(
    { group, name, documented = [] }: Case,
    node: Node,
    { call, verdict, problems }: Judgement,
    verbose: boolean,
  ): void {
    const isDocumented = documented.some(
      known => known.verdict === verdict && (known.calls?.test(call) ?? true) && saysSo(known.page, known.says),
    )
    const isFine = isDocumented || ['exact', 'unpriced', 'refused'].includes(verdict)
    if (!isFine) this.#failed++
    const counts = this.#counts.get(group) ?? new Map()
    const count = counts.get(verdict) ?? { all: 0, documented: 0 }
    counts.set(verdict, { all: count.all + 1, documented: count.documented + (isDocumented ? 1 : 0) })
    this.#counts.set(group, counts)
    if (isFine && !verbose) return
    console.log(`${verdict}${isDocumented ? ' (documented)' : ''} ${group} / ${name} / ${call} / Node ${node}`)
    for (const problem of problems) console.log(`    ${problem}`)
  }

  print(): number {
    console.log(`\n| group | ${verdicts.join(' | ')} |\n| --- |${' --- |'.repeat(verdicts.length)}`)
    for (const [group, counts] of this.#counts) {
      const cells = verdicts.map(verdict => {
        const { all, documented } = counts.get(verdict) ?? { all: 0, documented: 0 }
        return documented > 0 ? `${all} (${documented} documented)` : String(all)
      })
      console.log(`| ${group} | ${cells.join(' | ')} |`)
    }
    console.log(this.#failed === 0 ? 'ok' : `${this.#failed} not as they are`)
    return this.#failed === 0 ? 0 : 1
  }
}

const saysSo = (page: string, says: string) =>
  readFileSync(path.join(root, page), 'utf8').replaceAll(/\s+/g, ' ').includes(says)
