/**
 * What a person does, as the span under which the requests of its handlers stand: those that start in the same task, promises
 * that are resolved within it included.
 */
import type { Attributes, SpanContext } from './otlp'
import { event } from './record'
import { type Span, startSpan } from './span'

export interface Action {
  readonly name: string
  readonly attributes: Attributes
  /** There when it started a request. */
  span?: Span
}

let open: Action | undefined

/**
 * Tells of the action once its task is over.
 * @param follows whether it belongs to the action that is open, if one is: the click on a button that submits
 */
export function act(name: string, attributes: Attributes, follows?: boolean): Action {
  const time = Date.now()
  const action = (follows && open) || { name, attributes }
  open = action
  setTimeout(() => {
    if (open === action) open = undefined
    action.span?.end()
    event(name, attributes, 9, action.span?.context, time)
  })
  return action
}

/** The span of the action whose handlers run now. */
export function actionSpan(): SpanContext | undefined {
  if (!open) return undefined
  const { name, attributes } = open
  open.span ??= startSpan(`${name.split('.').at(-1)} ${attributes['browser.css_selector']}`, { attributes })
  return open.span.context
}
