// `npm run bench:names -- --sets FOLDER [--presidio PYTHON]`: how many of the names of persons in sentences we and others find, how many
// words are masked that are no names, and how fast. The sets are public corpora with names marked by people, which are no part of
// this repository: `python3 test/bench/names/sets.py MIRRORS FOLDER` makes them from clones. None of them was trained on. PYTHON is one
// that has presidio-analyzer, spacy and a copy of en_core_web_sm, all of PyPI.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { documents } from '../redact/documents.mjs'
import { changes } from '../redact/score/diff.mjs'
import { cacheFolder } from '../support/cache.mjs'
import { installOnce } from '../support/install.mjs'
import { peers } from './names/peers.mjs'
import { printSpeed } from './redact/speed.mjs'

/** @typedef {{ start: number, end: number }} Span */
/** @typedef {{ text: string, labels: (Span & { type: string })[] }} Text */

const { values } = parseArgs({ options: { sets: { type: 'string' }, presidio: { type: 'string' } } })
if (!values.sets) throw new Error('bench:names needs --sets FOLDER, a folder that test/bench/names/sets.py wrote')
const folder = values.sets
const here = import.meta.dirname
const root = path.dirname(path.dirname(here))
const outfile = path.join(cacheFolder(), 'bench-names.mjs')
await build({
  stdin: {
    contents:
      "export * from './src/shared/redact'\nexport * from './src/shared/redact/prose'\nexport * from './test/bench/redact/mix'",
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  outfile,
})
const { createRedactor, mix, unpackNames } = await import(outfile)
const unpacking = unpackNames()
let step = unpacking.next()
while (!step.done) step = unpacking.next()

/** @param {object} options @returns {(text: string) => Span[]} */
function ours(options) {
  const redactor = createRedactor(options)
  return text => changes(text, redactor.value('gen_ai.prompt', text))
}

/** @type {Map<string, (text: string) => Span[] | Promise<Span[]>>} */
const finders = new Map([
  ['@afn/otel', ours({ persons: step.value })],
  ['without statistics', ours({})],
  ...(await peers(installOnce(path.join(here, 'names/package.json'), 'bench-names'))),
])

/** What Presidio finds, of all texts at once. @param {string} python @param {string} set @returns {{ found: Span[][], seconds: number }} */
function presidio(python, set) {
  const script = path.join(here, 'names/presidio.py')
  return JSON.parse(
    execFileSync(python, [script, set], { encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] }),
  )
}

const SPEED_ROUNDS = 4

/** What is named in a set besides, and is nobody's. */
const IMPERSONAL =
  /^(?:ORG|ORGANIZATION|LOC|GPE|NRP|NORP|MISC|OTH|OG|LC|DT|TI|QT|TITLE|DATE_TIME|.*名|.*OTH.*|[A-Z][a-z].*)$/

const touches = /** @param {Span} one @param {Span} other */ (one, other) =>
  one.start < other.end && one.end > other.start

/** @param {Text[]} texts @param {Span[][]} found */
function score(texts, found) {
  let [names, gone, words, alarms] = [0, 0, 0, 0]
  for (const [at, { text, labels }] of texts.entries()) {
    const persons = labels.filter(({ type }) => type === 'PER')
    const personal = labels.filter(({ type }) => !IMPERSONAL.test(type))
    for (const name of persons) {
      const left = (found[at] ?? []).reduce(
        (sum, hit) => sum - Math.max(0, Math.min(hit.end, name.end) - Math.max(hit.start, name.start)),
        name.end - name.start,
      )
      names++
      if (left <= (name.end - name.start) / 4) gone++
    }
    for (const { index, 0: word } of text.matchAll(/[\p{L}\p{N}]+/gu)) {
      const span = { start: index, end: index + word.length }
      words++
      if ((found[at] ?? []).some(hit => touches(hit, span)) && !personal.some(label => touches(label, span))) alarms++
    }
  }
  return { recall: (100 * gone) / Math.max(1, names), alarms: (100 * alarms) / words, names, words }
}

/** @param {string} title @param {string[]} heads @param {string[][]} rows */
function table(title, heads, rows) {
  console.log(`\n${title}\n| ${heads.join(' | ')} |\n|${'---|'.repeat(heads.length)}`)
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
}

const rows = []
for (const file of readdirSync(folder).sort()) {
  const name = file.replace('.jsonl', '')
  if (name.endsWith('-dev')) continue
  /** @type {Text[]} */
  const texts = readFileSync(path.join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const bytes = texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  const others = values.presidio && name.startsWith('en') ? [['Presidio + en_core_web_sm', undefined]] : []
  for (const [finder, find] of [...finders, ...others]) {
    if (finder !== '@afn/otel' && finder !== 'without statistics' && !name.startsWith('en')) continue
    let [found, seconds] = [/** @type {Span[][]} */ ([]), 0]
    if (find) {
      const from = process.cpuUsage()
      for (const { text } of texts) found.push(await Promise.resolve(text).then(find, () => []))
      seconds = process.cpuUsage(from).user / 1e6
    } else ({ found, seconds } = presidio(values.presidio ?? '', path.join(folder, file)))
    const { recall, alarms, names, words } = score(texts, found)
    const speed = (bytes / 1e6 / seconds).toPrecision(2)
    rows.push([name, finder, `${recall.toFixed(1)} of ${names}`, `${alarms.toFixed(3)} of ${words}`, speed])
  }
}
table('names of persons in sentences', ['set', 'by', 'found, %', 'other words masked, %', 'MB/s'], rows)

// programs and documents in which hardly anybody is named
const files = [...documents(path.join(root, 'node_modules'), 40)]
const kinds = /** @type {const} */ (['documents', 'code'])
table(
  `words that the statistics add in ${files.length} real files, %; licences and authors are named in them`,
  ['kind', 'words', 'masked, %'],
  kinds.map(kind => {
    let [words, masked] = [0, 0]
    const [all, labelled] = [finders.get('@afn/otel'), finders.get('without statistics')]
    for (const { text } of files.filter(file => file.kind === kind)) {
      const head = text.slice(0, 20_000)
      const count = /** @param {Span[]} spans */ spans =>
        spans.reduce((sum, { start, end }) => sum + (head.slice(start, end).match(/[\p{L}\p{N}]+/gu)?.length ?? 0), 0)
      words += count([{ start: 0, end: head.length }])
      masked += count(/** @type {Span[]} */ (all?.(head))) - count(/** @type {Span[]} */ (labelled?.(head)))
    }
    return [kind, String(words), ((100 * masked) / words).toFixed(4)]
  }),
)
/** @param {object} options */
const asContent = options => {
  const redactor = createRedactor(options)
  return /** @param {string} text */ text => redactor.value('gen_ai.prompt', text)
}
await printSpeed(
  new Map([
    ['with names', asContent({ persons: step.value })],
    ['without', asContent({})],
  ]),
  mix(),
  SPEED_ROUNDS,
)
process.exit()
