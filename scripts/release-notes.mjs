// `npm run release:notes -- v1.2.3`: what CHANGELOG.md says of this version, to stdout. Ends with 1 where the tag is not the version of
// package.json, or the changelog has nothing of it: nothing is released then.
import { readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)
const [tag = ''] = process.argv.slice(2)
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const sections = readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m)
const section = sections.find(text => text.startsWith(`${version}\n`))
if (tag !== `v${version}`) fail(`the tag "${tag}" is not the version of package.json: v${version}`)
const notes = section?.slice(version.length).trim()
if (!notes) fail(`CHANGELOG.md says nothing of ${version}: it needs a section "## ${version}"`)
console.log(notes)

/** @param {string} reason */
function fail(reason) {
  console.error(`release:notes: ${reason}`)
  process.exit(1)
}
