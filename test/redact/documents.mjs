// Real code and documents that are on the machine: what is installed in node_modules, and the standard
// libraries of Go and Python. Nobody labelled them, so they only tell what a redactor changes.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { changes } from './score/diff.mjs'

const DOCUMENT = /\.(?:md|rst)$/i
const CODE = /(?<!\.min)\.(?:[cm]?js|ts|py|go)$/
/** Files there hold sample data on purpose. */
const SAMPLES = /^(?:tests?|testdata|__tests__|fixtures?|examples?|benchmarks?|\..*)$/
const TEST = /\.(?:test|spec)\.|_test\.go$|(?:^|\/)test_/
const LARGEST = 200_000

/** Files below a folder in the order of their names. @param {string} folder @returns {Generator<string>} */
function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory() && !SAMPLES.test(entry.name)) yield* files(file)
    else if (entry.isFile()) yield file
  }
}

/** By the name alone, so that a package that comes or goes changes nothing for the others. @param {string} name */
const chosen = (name, each) => createHash('sha256').update(name).digest().readUInt32BE() % each === 0

/**
 * One of `each` documents and source files.
 * @param {string} folder a node_modules or a library's
 * @param {number} each
 * @returns {Generator<{ file: string, kind: 'documents' | 'code', text: string }>}
 */
export function* documents(folder, each) {
  for (const file of files(folder)) {
    const name = path.relative(folder, file)
    const kind = DOCUMENT.test(file) ? 'documents' : CODE.test(file) && !TEST.test(file) ? 'code' : undefined
    if (kind === undefined || !chosen(name, each) || statSync(file).size > LARGEST) continue
    yield { file: name, kind, text: readFileSync(file, 'utf8') }
  }
}

/** Addresses of authors, and sample ones, are what they look like. @param {string} text */
const mail = text => /@|%40/.test(text)

/**
 * What was changed and is no e-mail address.
 * @param {string} text @param {string} left
 * @returns {string[]} the parts that are gone; empty ones where something was put in
 */
export const altered = (text, left) =>
  changes(text, left)
    .map(({ start, end }) => text.slice(start, end))
    .filter(part => !mail(part))
