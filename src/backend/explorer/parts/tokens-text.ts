// Input and output tokens in a line of text. What no call told is unknown, and never 0.
import { count } from '../data/format'
import type { Translate } from '../i18n'

export function tokensText(t: Translate, input: number | null | undefined, output: number | null | undefined): string {
  const known = (tokens: number | null | undefined) => (tokens == null ? t('tokens.unknown') : count(tokens))
  return input == null && output == null ? t('tokens.unknown') : `${known(input)} → ${known(output)}`
}
