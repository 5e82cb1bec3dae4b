// Takes the prompt's name out of `gen_ai.prompt.*`, which LangFuse reads as the conversation itself: a name there makes the
// messages vanish. Called by `stage.ts`.
import type { Attributes } from '@opentelemetry/api'
import { OBSERVATION_PROMPT_NAME, OBSERVATION_PROMPT_VERSION } from './names'

const NAME = 'gen_ai.prompt.name'
const VERSION = 'gen_ai.prompt.version'
const VARIABLE = 'gen_ai.prompt.variable.'
/** Content, as the variables were before. */
const OUR_VARIABLE = 'afn.llm.prompt.variable.'

export function movePrompt(own: Attributes): void {
  move(own, NAME, OBSERVATION_PROMPT_NAME)
  move(own, VERSION, OBSERVATION_PROMPT_VERSION)
  for (const key of Object.keys(own)) {
    if (key.startsWith(VARIABLE)) move(own, key, OUR_VARIABLE + key.slice(VARIABLE.length))
  }
}

function move(own: Attributes, from: string, to: string): void {
  if (own[from] === undefined) return
  own[to] ??= own[from]
  delete own[from]
}
