/** Matches RE2 expressions by DuckDB, whose engine is RE2. */
import type { Store } from '../../store/store'
import { failed, PromqlError } from '../error'
import type { Expressions, Groups } from '../patterns'

export function expressionsOf(store: Pick<Store, 'query'>): Expressions {
  const ask = async (sql: string, parameters: readonly string[], wrong: (why: string) => PromqlError) => {
    try {
      return await store.query(sql, parameters)
    } catch (error) {
      const [, why] = /^Invalid Input Error: (.*)/s.exec((error as Error).message) ?? []
      throw why === undefined ? error : wrong(why)
    }
  }
  return {
    async matches(expression, values) {
      if (values.length === 0) return []
      const rows = await ask(
        `SELECT regexp_full_match(value, $1) AS found FROM (SELECT unnest($2::JSON::VARCHAR[]) AS value)`,
        [whole(expression), JSON.stringify(values)],
        why => new PromqlError('bad_data', `error parsing regexp: ${why}: ${expression}`),
      )
      return rows.map(({ found }) => found === true)
    },
    async groups(expression, values) {
      if (values.length === 0) return []
      const names = groupNames(expression)
      const groups = names.map((_, index) => `regexp_extract(value, $1, ${index}) AS g${index}`)
      const rows = await ask(
        `SELECT regexp_full_match(value, $1) AS found, ${groups.join(', ')} FROM (SELECT unnest($2::JSON::VARCHAR[]) AS value)`,
        [`^${whole(expression)}$`, JSON.stringify(values)],
        () => failed(`invalid regular expression in label_replace(): ${expression}`),
      )
      return rows.map((row): Groups | undefined => {
        if (row.found !== true) return undefined
        const numbered = names.map((_, index) => `${row[`g${index}`] ?? ''}`)
        const named = Object.fromEntries(names.flatMap((name, index) => (name ? [[name, numbered[index]!]] : [])))
        return { numbered, named }
      })
    },
  }
}

/** The name of each group, empty for unnamed ones; group 0 is the whole match. */
function groupNames(expression: string): string[] {
  const names = ['']
  // escapes and classes open no group
  for (const [found, name] of expression.matchAll(
    /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:[^\]]*:\]|[^\]\\])*(?:\]|$)|\((?!\?)|\(\?P?<(\w+)>/g,
  ))
    if (found.startsWith('(')) names.push(name ?? '')
  return names
}

const whole = (expression: string): string => `(?s:${expression})`
