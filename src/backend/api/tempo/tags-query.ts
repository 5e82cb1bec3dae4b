// Translates the older search by tags and durations to TraceQL.
import { Refused } from '../../body'

/**
 * @param tags in logfmt: `service.name=api http.route="/a b"`
 * @param min duration of the trace in nanoseconds, like `max`
 * @throws Refused with 400
 */
export function tagsQuery(tags: string, min: bigint | undefined, max: bigint | undefined): string {
  const conditions = [...pairs(tags)].map(([key, value]) => {
    const name = key === 'name' ? 'name' : `.${/^[\w.:/-]+$/.test(key) ? key : JSON.stringify(key)}`
    return `${name} = ${JSON.stringify(value)}`
  })
  if (min) conditions.push(`trace:duration >= ${min}ns`)
  if (max) conditions.push(`trace:duration <= ${max}ns`)
  return `{ ${conditions.join(' && ')} }`
}

/** Maximum number of tags in a search. */
const MOST_TAGS = 100

function pairs(tags: string): Map<string, string> {
  const found = new Map<string, string>()
  const pair = /\s*([^\s="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?(?=\s|$)/y
  while (tags.slice(pair.lastIndex).trim() !== '') {
    const at = pair.lastIndex
    const [, key, quoted, plain = ''] = pair.exec(tags) ?? []
    if (key === undefined)
      throw new Refused(400, `invalid tags: unexpected "${tags.slice(at).trim()}" at pos ${at + 1}`)
    if (found.size === MOST_TAGS) throw new Refused(400, `invalid tags: more than ${MOST_TAGS} tags`)
    if (found.has(key)) throw new Refused(400, `invalid tags: tag ${key} has been set twice`)
    found.set(key, quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'))
  }
  return found
}
