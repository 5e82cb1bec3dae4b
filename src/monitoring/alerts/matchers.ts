/** Matchers of Alertmanager, as people write them: `severity="high"`, `service=~"shop|cart"`, `alertname!=Watchdog`. */
import type { Matcher } from './api'

/** @throws Error that names what is wrong */
export function matcherOf(text: string): Matcher {
  const [, name, operator, quoted, plain] =
    /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\["\\n])*)"|([^\s{}!=~,\\"'`]+))\s*$/.exec(text) ??
    []
  if (name === undefined || operator === undefined)
    throw new Error(
      `"${text}" is not a matcher; write one such as service=checkout, severity!=low or service=~"shop|cart"`,
    )
  const value = quoted?.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character)) ?? plain ?? ''
  const isRegex = operator.endsWith('~')
  if (isRegex) expectPattern(value, text)
  return { name, value, isRegex, isEqual: !operator.startsWith('!') }
}

/** Go's patterns are nearly those of JavaScript; what both refuse is a slip. Alertmanager has the last word. */
function expectPattern(pattern: string, text: string): void {
  try {
    new RegExp(`^(?:${pattern})$`)
  } catch (error) {
    throw new Error(`"${text}" has an invalid regular expression: ${(error as Error).message.split(': ').at(-1)}`)
  }
}

export const textOf = ({ name, value, isRegex, isEqual }: Matcher): string =>
  `${name}${isEqual ? '=' : '!'}${isRegex ? '~' : isEqual ? '' : '='}${JSON.stringify(value)}`

/** A label that is not there is an empty one. */
export function matches(labels: Readonly<Record<string, string>>, matchers: readonly Matcher[]): boolean {
  return matchers.every(({ name, value, isRegex, isEqual }) => {
    const found = labels[name] ?? ''
    const fits = isRegex ? new RegExp(`^(?:${value})$`, 's').test(found) : found === value
    return fits === isEqual
  })
}

/** Whether it asks for nothing: Alertmanager refuses a silence of such matchers alone. */
export const isEmpty = (matcher: Matcher): boolean => matches({}, [matcher])
