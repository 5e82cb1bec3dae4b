// A stream out of which the counts are taken that the app did not ask for.
import { UsageFilter } from '../../../src/app/llm/observe/fetch/usage-filter'
import type { Surface } from '../search.mjs'
import { filled } from './filled'

const event = 'data: {"id":"a","choices":[{"index":0,"delta":{"content":" a"}}],"usage":null}\n\n'

export const hiddenUsage: Surface = {
  name: 'hidden-usage',
  anchors: [event, 'data: ', 'data:', '\n\n', '\n', '\r\n', '\r', '"usage"', '"usage":null', '"usage": ', 'data: {"usage"}\n\n', 'data: {"usage":{}}\n\n', '{', '}', '[', ']', '"', '\\', '\\"', ' ', '\t', ',', ':', '"choices":[]', 'x'], // biome-ignore format: a table
  harmless: length => filled(length, '', () => event, ''),
  run(text, turn = () => {}) {
    const filter = new UsageFilter()
    const bytes = Buffer.from(text, 'latin1')
    let size = 0
    for (let from = 0; from < bytes.length; from += 1_024) {
      size += filter.push(bytes.subarray(from, from + 1_024)).length
      turn()
    }
    return size + filter.end().length
  },
}
