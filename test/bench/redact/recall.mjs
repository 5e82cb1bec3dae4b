// What each redactor finds in the public corpus and what it changes besides, there and in real code and documents.
import { execFileSync } from 'node:child_process'
import { corpus } from '../../redact/corpus/generate.mjs'
import { altered, documents } from '../../redact/documents.mjs'
import { changedShare, measure, recall, touching } from '../../redact/score/score.mjs'

/** @typedef {import('./peers.mjs').Redact} Redact */
/** @typedef {import('../../redact/score/score.mjs').Score} Score */

/** Characters of a file: some peers take time with the square of the length. */
const HEAD = 20_000

/** The nested messages repeat the types of the other families. */
const NESTED = /^(?:llm|names)\/(?!name$)/

/** @param {string} title @param {string[]} names @param {[string, string[]][]} rows */
function table(title, names, rows) {
  console.log(`\n| ${[title, ...names].join(' | ')} |\n|${'---|'.repeat(names.length + 1)}`)
  for (const [head, cells] of rows) console.log(`| ${[head, ...cells].join(' | ')} |`)
}

/**
 * Recall and false alarms on the corpus.
 * @param {Map<string, Redact>} redactors
 */
export async function printRecall(redactors) {
  const texts = corpus()
  /** @type {Map<string, Score>} */
  const scores = new Map()
  for (const [name, redact] of redactors) scores.set(name, await measure(texts, redact))
  const names = [...scores.keys()]
  const all = [...scores.values()]
  /** @param {'byFamily' | 'byType'} by @returns {[string, string[]][]} */
  const rows = by =>
    [...(all[0]?.[by].keys() ?? [])]
      .filter(key => !NESTED.test(key))
      .map(key => [key, all.map(score => recall(score[by].get(key)).toFixed(1))])
  console.log(`values gone (at most a quarter of the characters left), % of those in ${texts.length} texts`)
  table('family', names, rows('byFamily'))
  table('type', names, rows('byType'))
  table('besides', names, [
    ['characters of harmless texts changed, %', all.map(score => changedShare(score.harmless).toFixed(3))],
    ['characters outside of labels changed, %', all.map(score => changedShare(score.outside).toFixed(3))],
    ['changed regions that touch a label, %', all.map(score => touching(score).toFixed(1))],
    ['texts on which it threw', all.map(({ threw }) => String(threw))],
  ])
}

/** Folders of Go's and Python's standard libraries, of those that are installed. */
function standardLibraries() {
  const ask = /** @param {string} command @param {string[]} args */ (command, args) => {
    try {
      return [execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()]
    } catch {
      return []
    }
  }
  return [
    ...ask('go', ['env', 'GOROOT']).map(root => `${root}/src`),
    ...ask('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))']),
  ]
}

/**
 * Characters changed in real files, e-mail addresses left out.
 * @param {Map<string, Redact>} redactors
 * @param {string} nodeModules ours
 */
export async function printChanged(redactors, nodeModules) {
  const files = [nodeModules, ...standardLibraries()].flatMap(folder => [...documents(folder, 40)])
  const kinds = /** @type {const} */ (['documents', 'code'])
  /** @type {Record<string, string[]>} */
  const cells = { documents: [], code: [] }
  for (const redact of redactors.values()) {
    for (const kind of kinds) {
      let [all, changed] = [0, 0]
      for (const { text } of files.filter(file => file.kind === kind)) {
        const head = text.slice(0, HEAD)
        const left = await Promise.resolve(head)
          .then(redact, () => head)
          .catch(() => head)
        all += head.length
        changed += altered(head, left).reduce((sum, part) => sum + Math.max(1, part.length), 0)
      }
      cells[kind]?.push(changedShare({ all, changed }).toFixed(4))
    }
  }
  const rows = kinds.map(kind => /** @type {[string, string[]]} */ ([`${kind}, %`, cells[kind] ?? []]))
  table(`characters changed in ${files.length} real files`, [...redactors.keys()], rows)
}
