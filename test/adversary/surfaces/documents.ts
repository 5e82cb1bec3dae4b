// An answer that comes in one piece: a document of which a few members are read.
import type { ProtocolName } from '../../../src/app/llm/providers/paths'
import { protocols } from '../../../src/app/llm/providers/protocols'
import type { Surface } from '../search.mjs'
import { filled } from './filled'
import { readAnswer } from './streams'

/** With the probabilities of each token, as an evaluation asks for them. */
const token = (n: number) =>
  `${n ? ',' : ''}{"token":" a","logprob":-0.31725305,"bytes":[32,97],"top_logprobs":[{"token":" the","logprob":-1.3172531,"bytes":[32]}]}`

export const documents = (protocol: ProtocolName, content: boolean): Surface => ({
  name: 'documents',
  anchors: ['{', '}', '[', ']', ',', ':', '"', '\\', '\\\\', '\\"', '\\u0041', '\\q', '"k{n}":1,', '"k{n}":', '"":', '{"":', '{}', '[]', 'x', 'null,', '1,', '-', '1e400,', '\n', '"\\u0061":', 'é', ...Object.keys(protocols[protocol].responseFields).flatMap(name => [`"${name}":1,`, `"${name}":{"a":1},`, `"${name}":[{"k{n}":1}],`, `"${name}":x,`])], // biome-ignore format: a table
  harmless: length =>
    filled(
      length,
      '{"choices":[{"index":0,"logprobs":{"content":[',
      token,
      ']},"message":{"content":"a"}}],"usage":{}}',
    ),
  run: (text, turn) => readAnswer(protocol, Buffer.from(text, 'latin1'), content, false, turn),
})
