// `npm run conformance:host [-- --only TEXT] [--node 22.22.3]`: runs small programs on many versions of the libraries that an
// app may have, without and with the packed preload, and compares output, errors, exit code and the class of time. Prints a
// line for each, and each difference that is not in the table of wanted ones; exit 1 when there is any.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { installOnce } from '../support/install.mjs'
import { nodeBinary } from '../support/nodes.mjs'
import { root, setup } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { compareForm, formsOf, type Verdict, wanted } from './host/host'

interface Case {
  readonly program: string
  /** The package that it runs on in all versions that the manifest has. */
  readonly over?: string
  /** Versions, or all, that are ES modules only. */
  readonly importOnly?: RegExp
  /** It breaks what our code runs on, which may say so on stderr. */
  readonly breaksUs?: true
}

const cases: readonly Case[] = [
  { program: 'fetch' },
  { program: 'http' },
  { program: 'http2' },
  { program: 'prototype', breaksUs: true },
  { program: 'broken-globals', breaksUs: true },
  { program: 'node-test' },
  { program: 'undici', over: 'undici' },
  { program: 'fastify', over: 'fastify' },
  { program: 'express', over: 'express' },
  { program: 'koa', over: 'koa' },
  { program: 'hono', over: 'hono' },
  { program: 'pino', over: 'pino' },
  { program: 'winston', over: 'winston' },
  { program: 'bunyan' },
  { program: 'databases-refused' },
  { program: 'redis', over: 'redis' },
  { program: 'ioredis', over: 'ioredis' },
  { program: 'mongodb', over: 'mongodb' },
  { program: 'got', over: 'got', importOnly: /^1[2-9]/ },
  { program: 'axios' },
  { program: 'node-fetch', over: 'node-fetch', importOnly: /^3/ },
  { program: 'cheerio' },
  { program: 'elasticsearch' },
  { program: 'ai-sdk-provider-utils', over: '@ai-sdk/provider-utils', importOnly: /./ },
  { program: 'mcp', over: '@modelcontextprotocol/sdk' },
  { program: 'mcp-2' },
  { program: 'nock', over: 'nock' },
  { program: 'msw' },
  { program: 'jest' },
]

export async function main(args: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { only = '', node: version } = parseArgs({ args, options: { only: text, node: text } }).values
  const chosen = cases.filter(({ program }) => program.includes(only))
  if (chosen.length === 0) {
    console.error('usage: npm run conformance:host [-- --only TEXT] [--node VERSION]')
    return 2
  }
  const node = version ? nodeBinary(version) : { path: process.execPath }
  if ('missing' in node) {
    console.error(node.missing)
    return 2
  }
  const manifest = path.join(root, 'test/conformance/host/package.json')
  const installed = installOnce(manifest, 'host')
  const names = Object.keys(JSON.parse(readFileSync(manifest, 'utf8')).dependencies)
  setup()
  const preload = path.join(root, 'node_modules/.cache/afn-packed/package/dist/index.cjs')
  const receiver = await startReceiver()
  const sum = { compared: 0, differing: 0, wanted: new Map<string, number>() }
  for (const { program, over, importOnly, breaksUs = false } of chosen) {
    for (const app of over ? appsOf(installed, over, names) : [appOf(installed, 'any')]) {
      const folder = path.join(app.folder, String(process.pid))
      mkdirSync(folder)
      try {
        for (const form of formsOf(program, importOnly?.test(app.version) ?? false)) {
          writeFileSync(path.join(folder, form.file), form.source)
          const place = { folder, node: node.path, preload, endpoint: receiver.url, breaksUs }
          const verdict = await compareForm(form, place)
          print([program, app.version, form.name].filter(Boolean).join(' '), verdict)
          sum.compared++
          if (verdict.differences.length > 0) sum.differing++
          for (const [what, count] of verdict.wanted) sum.wanted.set(what, (sum.wanted.get(what) ?? 0) + count)
        }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
  }
  await receiver.close()
  console.log('\nwanted differences:')
  for (const { what, why } of wanted) console.log(`  ${sum.wanted.get(what) ?? 0} x ${what}: ${why}`)
  console.log(`sum ${sum.compared - sum.differing}/${sum.compared} equal`)
  return sum.differing === 0 ? 0 : 1
}

interface App {
  readonly folder: string
  readonly version: string
}

/** A folder for each version, in which the package has its own name: by that name instrumentations know it. */
function appsOf(installed: string, name: string, names: string[]): App[] {
  const stem = `${name.replace(/^@/, '').replace('/', '-')}-`
  const aliases = names.filter(alias => alias.startsWith(stem) && /^\d/.test(alias.slice(stem.length)))
  return aliases.map(alias => {
    const app = { ...appOf(installed, alias), version: alias.slice(stem.length) }
    const target = path.join(app.folder, 'node_modules', name)
    if (!existsSync(target)) {
      const unfinished = `${target}.${process.pid}`
      cpSync(path.join(installed, 'node_modules', alias), unfinished, { recursive: true })
      cpSync(unfinished, target, { recursive: true })
      rmSync(unfinished, { recursive: true })
    }
    return app
  })
}

function appOf(installed: string, name: string): App {
  const folder = path.join(installed, 'apps', name)
  mkdirSync(folder, { recursive: true })
  return { folder, version: '' }
}

function print(name: string, { differences, wanted: known }: Verdict): void {
  const count = [...known.values()].reduce((sum, n) => sum + n, 0)
  console.log(
    `${name}: ${differences.length === 0 ? 'equal' : `${differences.length} DIFFERENCES`}${count ? `, ${count} wanted` : ''}`,
  )
  for (const { where, bare, preloaded } of differences.slice(0, 8)) {
    console.log(`  ${where}\n    without: ${bare.slice(0, 600)}\n    with:    ${preloaded.slice(0, 600)}`)
  }
}
