// A stand-in for Cloudflare's GraphQL Analytics API. Its limits and sentences are those of Cloudflare's documentation; its fields those that
// public exporters send. It reads queries by GraphQL's grammar, as far as they need it.

/** Of a node: what a plan has of it. */
export interface Node {
  enabled: boolean
  maxPageSize: number
  /** s */
  maxDuration: number
  /** Such as `sum_visits`; `count` is always there. */
  fields: string[]
  /** Of zones that have different plans. */
  fieldsOf?: (id: string) => string[]
  /** Rows of one minute, of a zone or an account; ms since 1970. One with a `requestSource` is not of people. */
  rows: (minute: number, id: string) => Record<string, unknown>[]
}

interface Selection {
  alias: string
  name: string
  arguments: Record<string, unknown>
  selections: Selection[]
}

export class GraphqlError extends Error {}

/** @returns `data` */
export function answerQuery(query: string, nodes: Record<string, Node>): unknown {
  const [viewer] = parse(query)
  if (viewer?.name !== 'viewer') throw new GraphqlError('unknown field')
  const data: Record<string, unknown> = {}
  for (const scope of viewer.selections) {
    const filter = scope.arguments.filter as { zoneTag_in?: string[]; accountTag?: string }
    const ids = filter.zoneTag_in ?? (filter.accountTag === undefined ? [] : [filter.accountTag])
    if (ids.length > 10) throw new GraphqlError('query can not include more than 10 zones')
    data[scope.alias] = ids.map(id => Object.fromEntries(scope.selections.map(one => [one.alias, answerOne(one, id, nodes)]))) // biome-ignore format: one line
  }
  return { viewer: data }
}

function answerOne(selection: Selection, id: string, nodes: Record<string, Node>): unknown {
  const { name, selections } = selection
  if (name === 'zoneTag') return id
  if (name === 'settings')
    return Object.fromEntries(
      selections.map(({ name, alias }) => {
        const { enabled, maxPageSize, maxDuration, fields, fieldsOf } = nodeOf(name, nodes)
        return [alias, { enabled, maxPageSize, maxDuration, availableFields: fieldsOf?.(id) ?? fields }]
      }),
    )
  const node = nodeOf(name, nodes)
  if (!node.enabled) throw new GraphqlError(`zone '${id}' does not have access to the path. Refer to this page for more details about access controls`) // biome-ignore format: one line
  const { limit, filter } = selection.arguments as { limit: number; filter: { datetime_geq: string; datetime_lt: string; requestSource?: string } } // biome-ignore format: one line
  if (!(limit > 0 && limit <= node.maxPageSize)) throw new GraphqlError(`limit must be positive number and not greater than ${node.maxPageSize}`) // biome-ignore format: one line
  const [from, to] = [Date.parse(filter.datetime_geq), Date.parse(filter.datetime_lt)]
  if (to - from > node.maxDuration * 1_000) throw new GraphqlError(`query time range is too large. Time range can't be wider than ${node.maxDuration}s`) // biome-ignore format: one line
  for (const { name: group, selections: inner } of selections) {
    if (inner.length === 0 && group !== 'count') throw new GraphqlError('object field must have selections')
    for (const { name } of inner)
      if (!(node.fieldsOf?.(id) ?? node.fields).includes(`${group}_${name}`)) throw new GraphqlError(`zone does not have access to the field ${name}`) // biome-ignore format: one line
  }
  const rows: Record<string, unknown>[] = []
  for (let minute = from; minute < to; minute += 60_000) {
    const datetimeMinute = new Date(minute).toISOString().replace('.000Z', 'Z')
    rows.push(
      ...rowsOf(node, minute, id, filter.requestSource).map(row => ({
        ...row,
        dimensions: { ...(row.dimensions as object), datetimeMinute },
      })),
    )
  }
  return grouped(rows, selections).slice(0, limit)
}

const rowsOf = (node: Node, minute: number, id: string, source: string | undefined) =>
  node.rows(minute, id).filter(({ requestSource = 'eyeball' }) => source === undefined || requestSource === source)

function nodeOf(name: string, nodes: Record<string, Node>): Node {
  const node = nodes[name]
  if (!node) throw new GraphqlError(`unknown field "${name}"`)
  return node
}

/** Rows of the same dimensions are one, as in Cloudflare's groups. */
function grouped(rows: Record<string, unknown>[], selections: Selection[]): Record<string, unknown>[] {
  const dimensions = selections.find(({ name }) => name === 'dimensions')?.selections.map(({ name }) => name) ?? []
  const found = new Map<string, Record<string, unknown>>()
  for (const row of rows) {
    const of = Object.fromEntries(dimensions.map(name => [name, (row.dimensions as Record<string, unknown>)?.[name]]))
    const key = JSON.stringify(of)
    const before = found.get(key)
    const sum = Object.fromEntries(Object.entries((row.sum ?? {}) as Record<string, number>).map(([name, value]) => [name, value + ((before?.sum as Record<string, number>)?.[name] ?? 0)])) // biome-ignore format: one line
    found.set(key, { ...row, dimensions: of, sum, count: Number(row.count ?? 0) + Number(before?.count ?? 0) })
  }
  return [...found.values()].map(row =>
    Object.fromEntries(
      selections.map(({ name, selections }) => [
        name,
        selections.length === 0
          ? row[name]
          : Object.fromEntries(
              selections.map(inner => [inner.name, (row[name] as Record<string, unknown>)?.[inner.name]]),
            ),
      ]),
    ),
  )
}

function parse(query: string): Selection[] {
  const tokens = query.match(/"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[{}()[\]:]/g) ?? []
  if (tokens.join('') !== query.replace(/[\s,]+/g, '')) throw new GraphqlError('query contains error, please review it and retry') // biome-ignore format: one line
  let at = 0
  const next = (wanted?: string): string => {
    const token = tokens[at++]
    if (token === undefined || (wanted !== undefined && token !== wanted)) throw new GraphqlError('query contains error, please review it and retry') // biome-ignore format: one line
    return token
  }
  const value = (): unknown => {
    const token = next()
    if (token === '{') return members('}')
    if (token !== '[') return JSON.parse(token)
    const list: unknown[] = []
    while (tokens[at] !== ']') list.push(value())
    next(']')
    return list
  }
  const members = (end: string): Record<string, unknown> => {
    const found: Record<string, unknown> = {}
    while (tokens[at] !== end) {
      const name = next()
      next(':')
      found[name] = value()
    }
    next(end)
    return found
  }
  const selections = (): Selection[] => {
    const found: Selection[] = []
    next('{')
    while (tokens[at] !== '}') {
      const first = next()
      const isAlias = tokens[at] === ':'
      if (isAlias) next(':')
      const name = isAlias ? next() : first
      const isCalled = tokens[at] === '('
      if (isCalled) next('(')
      const values = isCalled ? members(')') : {}
      found.push({ alias: first, name, arguments: values, selections: tokens[at] === '{' ? selections() : [] })
    }
    next('}')
    return found
  }
  return selections()
}
