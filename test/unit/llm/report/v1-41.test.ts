import { expect, it } from 'vitest'
import { writeOldNames } from '../../../../src/app/llm/report/v1-41'
import { chat, llmSpan } from '../llm-span'

it('rules of v1.41 find cache writes, searches and workflows, beside the names of today', () => {
  const said = (attributes: object) => {
    const span = llmSpan({ attributes: attributes as never })
    writeOldNames(span)
    return span.attributes
  }
  const written = { ...chat, 'gen_ai.usage.cache_write.input_tokens': 7 }
  expect(said(written)).toEqual({ ...written, 'gen_ai.usage.cache_creation.input_tokens': 7 })
  expect(said({ 'gen_ai.retrieval.top_k': 3 })).toMatchObject({ 'gen_ai.request.top_k': 3 })
  const workflow = { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.agent.name': 'w' }
  expect(said(workflow)).toEqual({ ...workflow, 'gen_ai.workflow.name': 'w' })
  expect(said({ ...workflow, 'gen_ai.operation.name': 'invoke_agent' })).not.toHaveProperty(['gen_ai.workflow.name'])
  expect(said(chat)).toEqual(chat)
})
