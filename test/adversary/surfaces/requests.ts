// A large request of an agent, whose conversation is read from its end; what the agent was told stands in it.
import { lastMessages } from '../../../src/app/guard/last-messages'
import type { Surface } from '../search.mjs'
import { filled } from './filled'

const step = (n: number) =>
  `${n ? ',' : ''}{"role":"assistant","tool_calls":[{"id":"${n}","function":{"name":"a","arguments":"{\\"q\\":${n}}"}}]},{"role":"tool","tool_call_id":"${n}","content":"nothing was found, try another"}`

export const requests: Surface = {
  name: 'requests',
  anchors: ['{', '}', '[', ']', ',', ':', '"', '\\', '\\\\', '\\"', '\\u0041', '"k{n}":1,', '"k{n}":', '"":', '{}', '[]', 'x', 'null,', '1,', '\n', ' ', 'é', '{"role":"a"},', '{"role":"tool","content":"', '"tools":[', '"messages":[', ']}', '"}]}'], // biome-ignore format: a table
  harmless: length => filled(length, '{"messages":[', step, ']}'),
  run(text, turn = () => {}) {
    const found = []
    for (const message of lastMessages(text)) {
      if (message) found.push(message)
      turn()
    }
    return found
  },
}
