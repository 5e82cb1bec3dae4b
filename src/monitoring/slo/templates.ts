/**
 * Validates Go templates, which labels and annotations of alerts may contain. Prometheus rejects all rule files if one is invalid, so a
 * missing brace would disable every SLO.
 */

/** Functions of Prometheus, then those of Go. */
const FUNCTIONS = new Set(
  `args externalURL first graphLink humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp label match parseDuration
   pathPrefix query reReplaceAll safeHtml sortByLabel stripDomain stripPort strvalue tableLink title tmpl toLower toTime toUpper value
   and call eq ge gt html index js le len lt ne not or print printf println slice urlquery true false nil`.split(/\s+/),
)
const OPENING = new Set(['if', 'with', 'range', 'block', 'define'])
const VARIABLES = ['$labels', '$externalLabels', '$externalURL', '$value', '$']

/** The first problem, as the rest of a sentence; undefined if there is none. */
export function problemInTemplate(text: string): string | undefined {
  const declared = new Set(VARIABLES)
  let open = 0
  let rest = text
  for (;;) {
    const start = rest.indexOf('{{')
    if (start < 0) return open > 0 ? 'an {{ end }} is missing' : undefined
    const action =
      /^\{\{(?:\/\*[\s\S]*?\*\/|(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'|(?!\}\})[^"`'])*)\}\}/.exec(
        rest.slice(start),
      )
    if (!action) return `${shown(rest.slice(start))} has no }}`
    const problem = problemInAction(action[0].slice(2, -2), declared)
    if (problem !== undefined) return problem
    const [word = ''] = wordsOf(action[0].slice(2, -2))
    if (OPENING.has(word)) open++
    if (word === 'end' && --open < 0) return '{{ end }} ends nothing'
    if (word === 'else' && open === 0) return '{{ else }} belongs to nothing'
    rest = rest.slice(start + action[0].length)
  }
}

function problemInAction(action: string, declared: Set<string>): string | undefined {
  const words = wordsOf(action)
  if (/^-?\s*-?$/.test(action)) return '{{ }} is empty'
  for (const [, name = ''] of action.matchAll(/(\$\w+)\s*(?:,\s*\$\w+\s*)?:=/g)) declared.add(name)
  for (const [, name = ''] of action.matchAll(/,\s*(\$\w+)\s*:=/g)) declared.add(name)
  const [first = ''] = words
  const isKeyword = OPENING.has(first) || ['end', 'else', 'template', 'break', 'continue'].includes(first)
  const others = isKeyword ? words.slice(first === 'else' && (words[1] === 'if' || words[1] === 'with') ? 2 : 1) : words
  for (const word of others) {
    if (word.startsWith('$') && !declared.has(word))
      return `${word} is no variable; there are $labels, $value, $externalLabels and $externalURL`
    if (/^[A-Za-z_]/.test(word) && !FUNCTIONS.has(word)) return `${word} is no function of Prometheus' templates`
  }
  return undefined
}

/** Names and variables, without strings, fields and numbers. */
const wordsOf = (action: string): string[] =>
  action
    .replace(/\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'/g, ' ')
    .match(/(?<![\w.$)])\$?[A-Za-z_]\w*|\$(?!\w)/g) ?? []

const shown = (text: string): string => JSON.stringify(text.slice(0, 30))
