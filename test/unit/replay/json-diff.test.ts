import { describe, expect, it } from 'vitest'
import { jsonDiff } from '../../../src/cli/replay/json-diff'

describe('the difference of two requests', () => {
  const before = {
    model: 'gpt-4o',
    temperature: 0.2,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ],
    tools: [{ name: 'a' }, { name: 'b' }],
  }

  it('names something that did not change', () => {
    expect(jsonDiff(before, structuredClone(before))).toEqual([])
    const { model, ...rest } = before
    expect(jsonDiff(before, { ...rest, model })).toEqual([])
  })

  it('does not name a changed prompt, model and parameter, each by its path', () => {
    const { temperature: _, ...rest } = before
    const after = {
      ...rest,
      model: 'gpt-4o-mini',
      messages: [{ role: 'system', content: 'Be kind.' }, before.messages[1]],
      'top p': 1,
    }
    expect(jsonDiff(before, after)).toEqual([
      { kind: 'changed', path: '$.model', before: 'gpt-4o', after: 'gpt-4o-mini' },
      { kind: 'removed', path: '$.temperature', before: 0.2 },
      { kind: 'changed', path: '$.messages[0].content', before: 'Be brief.', after: 'Be kind.' },
      { kind: 'added', path: '$["top p"]', after: 1 },
    ])
  })

  it('calls every tool behind a new one changed', () => {
    expect(jsonDiff(before, { ...before, tools: [{ name: 'new' }, ...before.tools] })).toEqual([
      { kind: 'added', path: '$.tools[0]', after: { name: 'new' } },
    ])
    expect(jsonDiff(before, { ...before, tools: [{ name: 'b' }] })).toEqual([
      { kind: 'removed', path: '$.tools[0]', before: { name: 'a' } },
    ])
  })
})
