// `npm run bench:redact -- --gitleaks FOLDER`: how much of what the rules of gitleaks find we mask. FOLDER is a checkout of its
// repository; nothing of it is kept here. Secrets are drawn from the expressions of `config/gitleaks.toml`, of a rule with a group from
// what the group holds, and stand in code and configuration as its own samples do.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import RandExp from 'randexp'
import { seeded } from '../../redact/corpus/random.mjs'

const SAMPLES = 40

/** @param {string} re2 Go's syntax @returns {string} */
const translated = re2 =>
  re2
    .replaceAll(/\(\?-?i:/g, '(?:')
    .replaceAll('(?s:.)', '.')
    .replaceAll('(?i)', '')
    .replaceAll('\\z', '')
    .replaceAll('[[:alnum:]]', '[A-Za-z0-9]')

/** The content of the first group that holds something, all where there is none. @param {string} source */
function secretOf(source) {
  const start = /(?<!\\)\((?!\?)/.exec(source)?.index
  if (start === undefined) return source
  let depth = 0
  for (let at = start; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === '[') at = source.indexOf(']', at + 2)
    else if (source[at] === '(') depth++
    else if (source[at] === ')' && --depth === 0) return source.slice(start + 1, at)
  }
  return source
}

/** What stands before the secret in rules that need the name of its service. */
const NAMED = /^\(\?i\)\[\\w\.-\]\{0,50\}\?\((?:\?:)?(?:\(\?-?i:)?([A-Za-z_]+)/

/** As code and configuration hold a secret. @type {((name: string, secret: string) => string)[]} */
const FORMS = [
  (name, secret) => `${name}_token = "${secret}"`,
  (name, secret) => `${name}_TOKEN=${secret}`,
  (name, secret) => `${name}_TOKEN := "${secret}"`,
  (name, secret) => `{"${name}_token": "${secret}"}`,
  (name, secret) => `${name}_token: '${secret}'`,
  (name, secret) => `var ${name}Token string = "${secret}"`,
  (name, secret) => `const ${name}Token = '${secret}'`,
  (name, secret) => `<${name}Token>${secret}</${name}Token>`,
]

/** @param {string} toml @returns {[id: string, regex: string][]} */
const rules = toml =>
  toml
    .split('[[rules]]')
    .slice(1)
    .flatMap(rule => {
      const id = /^id = "(.+?)"/m.exec(rule)?.[1]
      const regex = /^regex = '''(.+?)'''/m.exec(rule)?.[1]
      return id && regex ? [/** @type {[string, string]} */ ([id, regex])] : []
    })

/** @param {(text: string) => string} redact @param {string} folder */
export function printGitleaks(redact, folder) {
  /** @type {{ id: string, all: number, gone: number, left: string }[]} */
  const rows = []
  const skipped = []
  for (const [id, regex] of rules(readFileSync(path.join(folder, 'config/gitleaks.toml'), 'utf8'))) {
    const row = { id, all: 0, gone: 0, left: '' }
    try {
      const writer = new RandExp(secretOf(translated(regex)))
      const name = NAMED.exec(regex)?.[1] ?? 'service'
      writer.max = 12
      writer.defaultRange.subtract(0, 0x1f)
      writer.randInt = seeded(id.length + regex.length).int
      for (let n = 0; n < SAMPLES; n++) {
        const secret = writer.gen()
        const text = /** @type {(typeof FORMS)[0]} */ (FORMS[n % FORMS.length])(name, secret)
        row.all++
        if (redact(text).includes(secret)) row.left = text
        else row.gone++
      }
    } catch {
      // an expression of Go that JavaScript does not read
    }
    if (row.all === 0) skipped.push(id)
    else rows.push(row)
  }
  const share = rows.reduce((sum, { all, gone }) => sum + gone / all, 0) / rows.length
  const all = rows.reduce((sum, row) => sum + row.all, 0)
  const gone = rows.reduce((sum, row) => sum + row.gone, 0)
  console.log(`gitleaks: ${gone} of ${all} secrets gone; mean of ${rows.length} rules ${(100 * share).toFixed(1)} %`)
  console.log(`not drawn: ${skipped.join(' ') || 'none'}\n\n| rule | gone | one that is left |\n|---|---|---|`)
  for (const { id, all, gone, left } of rows
    .filter(row => row.gone < row.all)
    .sort((a, b) => a.gone / a.all - b.gone / b.all))
    console.log(`| ${id} | ${gone} of ${all} | \`${left.replaceAll('|', '\\|').slice(0, 120)}\` |`)
}
