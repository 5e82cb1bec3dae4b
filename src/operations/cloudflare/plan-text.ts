// Prints a plan for people. It can't contain secrets, because a step has only names, fields and ids.
import type { Action, Step } from './plan'
import { isChange } from './plan'

const signs: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  delete: '-',
  adopt: '=',
  none: ' ',
  skip: '!',
}

/** A step, with one line per changed field. */
export function stepText({ action, kind, name, differences, why }: Step): string {
  const notes: Partial<Record<Action, string>> = {
    adopt: ': it is there already, made by somebody else, and stays as it is',
    skip: ` is left out: ${why}`,
    delete: `: ${why}`,
  }
  return [
    `${signs[action]} ${kind} ${name}${notes[action] ?? ''}`,
    ...differences.map(({ field, from, to }) => `    ${field}: ${valueText(from)} → ${valueText(to)}`),
  ].join('\n')
}

/** The whole plan; the last line counts the changes. */
export function planText(steps: readonly Step[]): string {
  const shown = steps.filter(({ action }) => action !== 'none').map(stepText)
  const count = (action: Action) => steps.filter(step => step.action === action).length
  const last = steps.some(isChange)
    ? `Plan: ${count('create')} to create, ${count('update')} to change, ${count('delete')} to delete.`
    : 'No changes. Cloudflare has what is wanted.'
  return [...shown, ...(shown.length > 0 ? [''] : []), last].join('\n')
}

const valueText = (value: unknown): string =>
  value === undefined ? '(not set)' : typeof value === 'string' ? value : JSON.stringify(value)
