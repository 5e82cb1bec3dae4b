import { expect, it } from 'vitest'
import { translate } from '../../../src/backend/explorer/i18n'
import { tokensText } from '../../../src/backend/explorer/parts/tokens-text'

it.each([
  [1170, 31, '1,170 → 31'],
  [0, 0, '0 → 0'], // told so
  [1170, undefined, '1,170 → unknown'],
  [undefined, undefined, 'unknown'],
  [null, null, 'unknown'],
])('tokens of %s and %s are %s', (input, output, text) => {
  expect(tokensText(translate('en'), input, output)).toBe(text)
})
