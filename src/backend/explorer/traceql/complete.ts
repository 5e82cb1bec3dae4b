// Completion for the editor: words of the language, names and values that the store has.
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { TagsAnswer, TagValuesAnswer } from '../../api/answers'
import { getJson, url } from '../data/client'
import { type CursorContext, placeAt } from './place'
import { INTRINSICS, KEYWORD_VALUES, OPERATORS, SCOPES, STAGES } from './words'

export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const before = context.state.sliceDoc(0, context.pos)
  const place = placeAt(before)
  if (!place) return null
  const typed = before.length > place.from
  // without a key of its own, only where a word is begun or a value is due
  if (!context.explicit && !typed && place.kind !== 'value') return null
  const options = await optionsAt(place).catch(() => [])
  return options.length > 0 ? { from: place.from, options, validFor: /^[^\s"`(){}|=!<>~&]*$/ } : null
}

async function optionsAt(place: NonNullable<CursorContext>): Promise<Completion[]> {
  switch (place.kind) {
    case 'name':
      return place.scope === undefined ? anyName() : namesIn(place.scope)
    case 'value':
      return valuesOf(place.name, place.quote)
    case 'operator':
      return OPERATORS.map(label => ({ label, type: 'operator', apply: `${label} ` }))
    case 'stage':
      return STAGES.map(label => ({ label, type: 'function', apply: call(label) }))
    case 'start':
      return [{ label: '{ }', type: 'keyword', apply: cursorInside('{  }', 2) }]
  }
}

async function anyName(): Promise<Completion[]> {
  const scoped = await Promise.all(['span', 'resource', 'event'].map(scope => tags(scope)))
  return [
    ...SCOPES.map(label => ({ label, type: 'namespace', boost: 3 })),
    ...INTRINSICS.map(label => ({ label, type: 'keyword', boost: 2 })),
    ...scoped.flatMap((names, index) =>
      names.map(name => ({ label: `${['span', 'resource', 'event'][index]}.${plain(name)}`, type: 'property' })),
    ),
  ]
}

async function namesIn(scope: string): Promise<Completion[]> {
  const names =
    scope === '' || scope === 'parent'
      ? [...new Set((await Promise.all([tags('span'), tags('resource')])).flat())]
      : await tags(scope)
  return names.map(name => ({ label: plain(name), type: 'property' }))
}

async function valuesOf(name: string, quote: string): Promise<Completion[]> {
  const words = Object.hasOwn(KEYWORD_VALUES, name) ? KEYWORD_VALUES[name] : undefined
  if (words) return words.map(label => ({ label, type: 'constant' }))
  if (!/^[\w.:"-]+$/.test(name) || name === 'duration') return []
  const { tagValues = [] } = await getJson<TagValuesAnswer>(
    url(`api/v2/search/tag/${encodeURIComponent(name)}/values`, { limit: 200 }),
  )
  return tagValues.map(({ type, value }) => {
    const text = type === 'string'
    if (quote && text) return { label: value, type: 'text', apply: closing(value, quote) }
    const literal = text ? `"${value.replace(/["\\]/g, '\\$&')}"` : value
    return { label: value, apply: literal, type: text ? 'text' : 'constant' }
  })
}

function plain(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name)
}

/** Names change slowly: asked once a minute. */
const known = new Map<string, { at: number; names: Promise<string[]> }>()

function tags(scope: string): Promise<string[]> {
  const before = known.get(scope)
  if (before && Date.now() - before.at < 60_000) return before.names
  const names = getJson<TagsAnswer>(url('api/v2/search/tags', { scope })).then(({ scopes = [] }) =>
    scopes.filter(({ name }) => name === scope).flatMap(({ tags }) => tags ?? []),
  )
  known.set(scope, { at: Date.now(), names })
  names.catch(() => known.delete(scope))
  return names
}

/** Into a string that is begun, and to its end. */
function closing(value: string, quote: string): Apply {
  const written = quote === '"' ? value.replace(/["\\]/g, '\\$&') : value
  return (view, _, from, to) => {
    const closed = view.state.sliceDoc(to, to + 1) === quote
    view.dispatch({
      changes: { from, to: closed ? to + 1 : to, insert: written + quote },
      selection: { anchor: from + written.length + 1 },
      userEvent: 'input.complete',
    })
  }
}

type Apply = NonNullable<Completion['apply']>

/** Writes `rate()` and sets the cursor between the brackets. */
function call(label: string): Apply {
  return cursorInside(label, label.length - 1)
}

function cursorInside(text: string, at: number): Apply {
  return (view, _, from, to) =>
    view.dispatch({
      changes: { from, to, insert: text },
      selection: { anchor: from + at },
      userEvent: 'input.complete',
    })
}
