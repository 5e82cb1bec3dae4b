// `npm run demo [-- --collector] [-- --live] [-- --keep]`: the whole product once, on this machine. Prints one line a phase, and then
// what became of each conversation. Until `install` is through there is Node and nothing else.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { output, start, stopAll } from './demo/children.mjs'
import { Failed, interrupt, phase } from './demo/phase.mjs'

const examples = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(examples)

const usage = `npm run demo [-- OPTION …]
  --collector  the real Collector stands between the chat server and what is looked at
  --keep       leaves afn-otel up running with what was received, at its usual ports if they are free
  --port N, --otlp-port N  ports that --keep takes instead of 3200 and 4318; 0 is a free one
  --live       the plain and the streamed conversation talk to OpenAI and Anthropic; needs OPENAI_API_KEY, ANTHROPIC_API_KEY
`

async function install() {
  // npm writes this file last.
  if (existsSync(path.join(root, 'node_modules/.package-lock.json'))) return { said: 'node_modules is there' }
  await output('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root }).catch(error => {
    throw new Error(`${error.message}; is the registry reachable? Run "npm ci" to see more`)
  })
  return { said: 'npm ci' }
}

/** @param {string} folder */
async function build(folder) {
  const { AFN_DEMO_TARBALL: given } = process.env
  const tarball = given ?? (await pack(folder).catch(repairable))
  const app = path.join(folder, 'app')
  cpSync(path.join(examples, 'chat'), app, { recursive: true, filter: file => path.basename(file) !== 'node_modules' })
  await output('tar', ['-xzf', tarball, '-C', folder], {})
  mkdirSync(path.join(app, 'node_modules/@afn'), { recursive: true })
  renameSync(path.join(folder, 'package'), path.join(app, 'node_modules/@afn/otel'))
  // Ours is the package as it is published; what it and the chat server depend on stays where npm put it.
  // DuckDB is a peer, and what `afn-otel up` keeps traces in.
  const needed = new Set(['@duckdb/node-api'])
  for (const manifest of ['package.json', 'node_modules/@afn/otel/package.json']) {
    const { dependencies } = JSON.parse(readFileSync(path.join(app, manifest), 'utf8'))
    for (const name of Object.keys(dependencies)) needed.add(name)
  }
  for (const name of needed) {
    const link = path.join(app, 'node_modules', name)
    mkdirSync(path.dirname(link), { recursive: true })
    symlinkSync(path.join(root, 'node_modules', name), link)
  }
  const said = `${path.basename(tarball)}${given ? ', which AFN_DEMO_TARBALL names' : ''}`
  return { said, app, main: await bundledMain(folder) }
}

/** @param {string} folder */
async function pack(folder) {
  await output(process.execPath, ['scripts/build.mjs'], { cwd: root })
  const name = await output('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root })
  return path.join(folder, name.trim())
}

/** @type {(error: Error) => never} */
function repairable(error) {
  throw new Error(`${error.message}; "npm ci" repairs node_modules, "npm run build" shows more`)
}

/** The rest of the demo is TypeScript and stands on src. @param {string} folder */
async function bundledMain(folder) {
  const outfile = path.join(folder, 'main.mjs')
  const { build } = await import('esbuild')
  const entryPoints = [path.join(examples, 'demo/main.ts')]
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' })
  return (await import(pathToFileURL(outfile).href)).main
}

/** @param {{ collector: boolean, live: boolean, keep: boolean, ports: readonly [number, number] }} options */
async function demo(options) {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-demo-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.once(signal, () => {
      interrupt()
      stopAll().finally(() => process.exit(code))
    })
  }
  // `npm run demo | head`: nobody reads any more.
  process.stdout.once('error', () => process.exit(1))
  try {
    await phase('install', install)
    const { app, main } = await phase('build', () => build(folder))
    await main({ ...options, app, folder, start, phase })
    return 0
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    return 1
  } finally {
    await stopAll()
  }
}

function options() {
  const flag = /** @type {const} */ ({ type: 'boolean', default: false })
  const port = /** @type {const} */ ({ type: 'string' })
  const known = { collector: flag, live: flag, keep: flag, help: flag, port, 'otlp-port': port }
  try {
    const { port: api = '3200', 'otlp-port': otlp = '4318', ...flags } = parseArgs({ options: known }).values
    const ports = /** @type {const} */ ([Number(api), Number(otlp)])
    if (ports.every(number => Number.isInteger(number) && number >= 0 && number < 65_536)) return { ...flags, ports }
    throw new Error('a port is a number from 0 to 65535')
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`)
    process.exit(2)
  }
}

const { help, ...chosen } = options()
if (help) console.log(usage)
// A phase that failed may have left a server open; nothing of it is waited for.
else process.exit(await demo(chosen))
