// What is new in a turn. The oracle is the generator of the conversation, which knows what it added to each call.
import { describe, expect, it } from 'vitest'
import type { Turn } from '../../../src/backend/api/session-answers'
import type { Message } from '../../../src/backend/explorer/data/messages'
import { contentOf, newsOf as newsOfContents } from '../../../src/backend/explorer/data/turns'

const turn = (input: readonly object[] | null, output: readonly object[] = [], system?: string): Turn => ({
  traceId: '1',
  spanId: '1',
  start: 0,
  durationMs: 1,
  name: 'chat',
  model: null,
  user: null,
  costUsd: null,
  unpriced: null,
  inputTokens: null,
  outputTokens: null,
  ttftMs: null,
  status: 'unset',
  inputMessages: input && JSON.stringify(input),
  outputMessages: JSON.stringify(output),
  systemInstructions: system === undefined ? null : JSON.stringify([{ type: 'text', content: system }]),
})
const newsOf = (turns: readonly Turn[]) => newsOfContents(turns.map(contentOf))
const says = (role: string, ...texts: string[]) => ({
  role,
  parts: texts.map(content => ({ type: 'text', content })),
})
const textsOf = (messages: readonly Message[]) =>
  messages.map(({ parts }) => parts.map(part => ('text' in part ? part.text : part.kind)).join(' '))

/** Each call has the last `window` messages of those before it, and a question. */
function conversation(length: number, window: number): Turn[] {
  const said: object[] = []
  return Array.from({ length }, (_, n) => {
    const input = [...said.slice(-window), says('user', n % 3 === 1 ? 'go on' : `question ${n}`)]
    const output = [says('assistant', `answer ${n}`)]
    said.push(input.at(-1)!, ...output)
    return turn(input, output)
  })
}

describe('a turn of a conversation', () => {
  it.each([
    ['the whole conversation', 10_000],
    ['its last six messages', 6],
  ])('shows again what the turn before had, or hides what is new, where a call has %s', (_, window) => {
    for (const [n, { repeated, added, output, earlier, leftOut }] of newsOf(conversation(60, window)).entries()) {
      expect(textsOf(added)).toEqual([n % 3 === 1 ? 'go on' : `question ${n}`])
      expect(textsOf(output)).toEqual([`answer ${n}`])
      expect(repeated).toHaveLength(Math.min(2 * n, window))
      expect(earlier).toBe(n === 0 ? undefined : n)
      // the turn before had a question and its answer beside its window
      expect(leftOut).toBe(n === 0 ? 0 : Math.min(2 * (n - 1), window) + 2 - Math.min(2 * n, window))
    }
  })

  it('shows the answer before it as new, since its reasoning is not sent again', () => {
    const thought = { role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }, ...says('', 'yes').parts] }
    const [, second] = newsOf([
      turn([says('user', 'is it?')], [thought]),
      turn([says('user', 'is it?'), says('assistant', 'yes'), says('user', 'why?')]),
    ])
    expect(textsOf(second!.repeated)).toEqual(['is it?', 'yes'])
    expect([textsOf(second!.added), second!.leftOut]).toEqual([['why?'], 0])
  })

  it('is compared with the call of another agent that ran in between', () => {
    const [a, b, other] = [says('user', 'a'), says('user', 'b'), says('user', 'other')]
    const news = newsOf([turn([a]), turn([other]), turn([a, b]), turn(null)])
    expect([news[2]!.earlier, textsOf(news[2]!.repeated)]).toEqual([1, ['a']])
    // calls without a history leave nothing out
    expect(news[1]!.leftOut).toBe(0)
    expect(news[3]).toMatchObject({ repeated: [], added: [], system: undefined })
  })

  it('has a system prompt that changed without a word of it, wherever the prompt stands', () => {
    const [before, after] = ['You help.\nBe brief.\nBe kind.', 'You help.\nBe long.\nAnd plain.\nBe kind.']
    const hi = says('user', 'hi')
    for (const [one, two] of [
      [turn([hi], [], before), turn([hi], [], after)],
      [turn([says('system', before), hi]), turn([says('developer', after), hi])],
    ] as const) {
      const news = newsOf([one, one, two])
      expect(news[0]!.system).toMatchObject({ isChanged: false, added: before.split('\n') })
      expect(news[1]!.system).toBeUndefined()
      expect(news[2]!.system).toEqual({
        isChanged: true,
        sameLines: 2,
        removed: ['Be brief.'],
        added: ['Be long.', 'And plain.'],
      })
      expect(textsOf(news[2]!.added)).toEqual(['hi'])
    }
  })
})
