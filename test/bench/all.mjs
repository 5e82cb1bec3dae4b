// `npm run bench [-- NAME[=ARGUMENT] ... --node 20,24,26]`: runs all benches, or those with these names (`npm run bench -- http llm=1 --node 24`), one
// after the other, on the Node.js at hand or on the newest of each named line, with all that they start, and writes what they print into
// docs/benchmarks.md, each with its method, the machine, the commit and the load. The sections of the others stay.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nodeBinary, nodes } from '../support/nodes.mjs'

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))))
const page = path.join(root, 'docs/benchmarks.md')
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
/** @type {Record<string, string>} script by name, in the order of package.json */
const benches = Object.fromEntries(
  Object.entries(scripts).flatMap(([script, command]) =>
    script.startsWith('bench:') ? [[script.slice('bench:'.length), command.split(' ').at(-1)]] : [],
  ),
)
const { values, positionals } = parseArgs({ allowPositionals: true, options: { node: { type: 'string' } } })
const asked = positionals.map(text => text.split(/=(.*)/))
const unknown = asked.flatMap(([name]) => (name in benches ? [] : [name]))
if (unknown.length) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

const atHand = process.versions.node.split('.', 1)[0]
const known = [...new Set([...Object.keys(nodes), atHand])]
const lines = values.node?.split(',') ?? [atHand]
const missing = lines.filter(line => !known.includes(line))
if (missing.length) {
  console.error(`There is no Node.js ${missing.join(', ')} here. There are: ${known.join(', ')}.`)
  process.exit(2)
}

/** @param {string} line */
function binaryOf(line) {
  if (line === atHand) return process.execPath
  const node = nodeBinary(nodes[line])
  if ('path' in node) return node.path
  console.error(node.missing)
  process.exit(1)
}

/** The heading of a bench's section on that line: those on 20, where most figures of the pages are from, have its name alone. */
const headingOf = (name, line) => (line === '20' ? name : `${name} on Node.js ${line}`)

/** The first comment of a script says how it measures. */
function method(file) {
  const lines = readFileSync(path.join(root, file), 'utf8').split('\n')
  const end = lines.findIndex(line => !line.startsWith('//'))
  return lines
    .slice(0, end)
    .map(line => line.slice(3))
    .join(' ')
    .replace(/^`npm run bench:[^`]*`: /, '')
    .replace(/^./, letter => letter.toUpperCase())
}

function git(...args) {
  return spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim()
}

const isRow = line => line?.startsWith('|')

/** @param {string | undefined} argument of the bench @returns {{ section: string, failed: boolean }} */
function run(name, argument, line) {
  const binary = binaryOf(line)
  const [load] = os.loadavg()
  const begun = performance.now()
  const { status, stdout } = spawnSync(binary, [benches[name], ...(argument ? [argument] : [])], {
    cwd: root,
    // a command that it starts by its name, as npm's are, runs on the same one
    env: { ...process.env, PATH: `${path.dirname(binary)}${path.delimiter}${process.env.PATH}` },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  })
  const changed = git('status', '--porcelain', '--', 'src', 'scripts', 'test/bench', 'collector')
  const where = [
    new Date().toISOString().slice(0, 10),
    `commit ${git('rev-parse', '--short=8', 'HEAD')}${changed ? ' with changes' : ''}`,
    `${os.availableParallelism()} cores of ${os.cpus()[0].model}`,
    `${Math.round(os.totalmem() / 2 ** 30)} GB`,
    `Node ${line === atHand ? process.versions.node : nodes[line]}`,
    `load ${load.toFixed(1)} at the start`,
    `${Math.round((performance.now() - begun) / 1000)} s`,
  ]
  // a line is a paragraph of its own, or Markdown joins it with its neighbours; but the rows of a table belong together
  const text = stdout
    .trim()
    .split('\n')
    .map(line => line.trim())
    .reduce((above, line) => `${above}${isRow(above.split('\n').at(-1)) && isRow(line) ? '\n' : '\n\n'}${line}`, '')
    .trim()
    .replace(/\n{3,}/g, '\n\n')
  const ended = status === 0 ? '' : `\n\n**It ended with ${status}.**`
  return {
    section: `## ${headingOf(name, line)}\n\n${method(benches[name])}\n\n\`npm run bench:${name}${argument ? ` -- ${argument}` : ''}\`: ${where.join(', ')}.\n\n${text}${ended}\n`,
    failed: status !== 0,
  }
}

/** Sections of an earlier page, by name. */
function sections() {
  if (!existsSync(page)) return {}
  const parts = readFileSync(page, 'utf8')
    .split(/^(?=## )/m)
    .slice(1)
  return Object.fromEntries(parts.map(part => [part.slice(3, part.indexOf('\n')), part]))
}

let failures = 0
const headings = Object.keys(benches).flatMap(name => known.map(line => headingOf(name, line)))
for (const [name, argument] of asked.length ? asked : Object.keys(benches).map(of => [of])) {
  for (const line of lines) {
    console.error(`bench:${name} on Node.js ${line}`)
    const { section, failed } = run(name, argument, line)
    if (failed) failures++
    console.log(section)
    const all = { ...sections(), [headingOf(name, line)]: section }
    const head =
      '# Benchmarks\n\nGenerated by `npm run bench`. All candidates of a table ran interleaved in one run. The machine is shared, so look at the ratios.\n'
    // after each, so that a run which is ended half-way has not been in vain
    const written = headings.filter(heading => heading in all)
    writeFileSync(page, [head, ...written.map(heading => `${all[heading].trim()}\n`)].join('\n'))
  }
}
process.exit(failures ? 1 : 0)
