// `npm run conformance:never-break [-- --only TEXT] [--flavour cjs|esm|bundled] [--quick] [--newest] [--apps COUNT] [--seed SEED]`: runs
// every scenario of every client without and with the packed preload, and compares; then watches the heap over many streams (`--only
// heap` for this alone), and random apps that get garbage from their provider (`--only garbage`; 1,000 of them, or COUNT). `--quick`
// takes each client in one form, another for each, some at once, and neither heap nor apps; `--newest` the last version of each.
// Prints a line each; exit 1 when anything differs or the heap grows.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { root, setup } from '../support/packed'
import { answerOf, answers } from './answers'
import { runClient } from './client-run'
import { type Client, clients } from './clients'
import { compare, type Verdict } from './compare'
import { commands, type Flavour, flavours, makeClientApp } from './flavours'
import { type Fuzzed, fuzz } from './fuzzed'
import { heapOverStreams } from './heap'
import { startProvider } from './provider'

export async function main(args: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = { only: text, flavour: text, quick: flag, newest: flag, apps: text, seed: text } as const
  const {
    only = '',
    flavour,
    quick = false,
    newest = false,
    apps = '1000',
    seed = '1',
  } = parseArgs({ args, options }).values
  // versions stand in their order, and those of one client share an app
  const isNewest = ({ app, child }: Client, at: number) =>
    !child && clients.findLastIndex(other => other.app === app) === at
  const chosen = clients
    .filter((client, at) => !newest || isNewest(client, at))
    .filter(({ name, version }) => `${name} ${version}`.includes(only))
  const forms = flavours.filter(form => !flavour || form === flavour)
  const heap = !quick && 'heap'.includes(only)
  const garbage = !quick && 'garbage'.includes(only)
  if ((chosen.length === 0 && !heap && !garbage) || forms.length === 0) {
    console.error(
      `usage: npm run conformance:never-break [-- --only TEXT] [--flavour ${flavours.join('|')}] [--quick] [--newest]`,
    )
    return 2
  }
  const installed = (folder: string, kind: string) =>
    path.join(installOnce(path.join(root, 'test', folder, 'package.json'), kind), 'node_modules')
  const modules = installed('clients', 'clients')
  setup()
  const count = { ok: 0, all: 0 }
  const turns = chosen.entries()
  const work = async () => {
    for (const [turn, client] of turns) {
      const node = client.node ? nodeBinary(nodes[client.node]) : { path: process.execPath }
      if ('missing' in node) console.log(`${client.name} ${client.version} - - skipped: ${node.missing}`)
      else {
        const taken = quick ? [forms[turn % forms.length]!] : forms
        const from = client.child ? installed('claude', 'claude-code') : modules
        for (const form of taken) print(client, form, await runScenarios(client, form, from, node.path), count)
      }
    }
  }
  // each client waits as much as it works: some of its scenarios are about time
  await Promise.all(Array.from({ length: quick ? 2 : 1 }, work))
  if (heap) {
    const { flat, text: figures } = await heapOverStreams(modules)
    console.log(`${figures} ${flat ? 'ok' : 'GROWS'}`)
    count.all++
    if (flat) count.ok++
  }
  if (garbage) {
    const found = await fuzz(Number(apps), Number(seed))
    for (const difference of found.differences) console.log(difference)
    const ok = holds(found)
    console.log(`garbage: ${found.text} ${ok ? 'ok' : 'DIFF'}`)
    count.all++
    if (ok) count.ok++
  }
  console.log(`sum ${count.ok}/${count.all}`)
  return count.ok === count.all ? 0 : 1
}

/** Turns of the loop are printed only: a busy machine makes one turn of many. */
const holds = ({ differences, growth, calls }: Fuzzed) => differences.length === 0 && calls > 0 && growth < 1.25

/** @param modules the folder in which the clients are installed */
export async function runScenarios(client: Client, flavour: Flavour, modules: string, node: string): Promise<Verdict> {
  const found = Object.entries(client.modules).map(([name, folder]) => [name, path.join(modules, folder)])
  const folder = await makeClientApp(client, Object.fromEntries(found), flavour)
  const { recordings, tokens } = answers()
  const provider = await startProvider(({ path: at, body }) => {
    const [, scenario, name = '', how] = at.split('/')
    const { then, ...numbers } = Object.fromEntries(new URLSearchParams(how === '-' ? '' : how))
    const before = provider.received.filter(({ path: other }) => other.split('/')[1] === scenario).length - 1
    const recording = recordings.get(answerOf((before > 0 && then) || name, body))
    return recording && { recording, ...mapped(numbers) }
  })
  try {
    const { preload, file, content, includeUsage } = commands[flavour]
    const common = {
      folder,
      node,
      patienceMs: client.child ? 600_000 : undefined,
      env: { AFN_CAPTURE_CONTENT: content, ...(includeUsage && { AFN_INCLUDE_USAGE: includeUsage }) },
    }
    const bare = await runClient(provider, { ...common, args: [file], preloaded: false })
    const preloaded = await runClient(provider, { ...common, args: [...preload, file], preloaded: true })
    return compare(bare, preloaded, tokens, { ...client, includeUsage })
  } finally {
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const mapped = (numbers: Record<string, string>) =>
  Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, Number(value)]))

function print(
  { name, version, sortsHeaders }: Client,
  flavour: Flavour,
  verdict: Verdict,
  count: { ok: number; all: number },
) {
  for (const [scenario, problems] of verdict) {
    count.all++
    if (problems.length === 0) count.ok++
    const note = sortsHeaders ? ' (headers by name and value)' : ''
    console.log(`${name} ${version} ${flavour} ${scenario} ${problems.length ? 'DIFF' : `ok${note}`}`)
    for (const problem of problems) console.log(`    ${problem}`)
  }
}
