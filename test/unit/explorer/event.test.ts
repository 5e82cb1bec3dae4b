import { expect, it } from 'vitest'
import { toldBy } from '../../../src/backend/explorer/data/event'

it('names an event by its own attributes first, and not by what all of a page have', () => {
  const page = { 'session.id': '66d0', 'browser.document.url.full': 'http://localhost/' }
  const vital = {
    ...page,
    'afn.web_vital.input_delay': 4,
    'browser.web_vital.name': 'inp',
    'browser.web_vital.value': 8,
  }
  expect(toldBy('browser.web_vital', vital)).toBe('name=inp value=8 afn.web_vital.input_delay=4')
  expect(toldBy('exception', { ...page, 'exception.message': 'out of paper' })).toBe('message=out of paper')
  expect(toldBy('tip_shown', { ...page, ids: [1, 2] })).toBe('ids=[1,2]')
})
