import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as semconv from '../../../semconv'
import generate from '../../../semconv/generator/generate'

describe('generated semconv files', () => {
  it.each(generate().map(file => [file.path, file.content]))('%s equals its registry', (path, content) => {
    expect(readFileSync(path, 'utf8'), `run npm run generate`).toBe(content)
  })

  it('imports nothing, so that a browser bundle can take it', () => {
    for (const { path, content } of generate())
      if (path.endsWith('.ts')) expect(content).not.toMatch(/\bimport\b|require\(/)
  })

  it('names constants as @opentelemetry/semantic-conventions does', () => {
    expect(semconv.ATTR_GEN_AI_REQUEST_MODEL).toBe('gen_ai.request.model')
    expect(semconv.GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI).toBe('azure.ai.openai')
    expect(semconv.ERROR_TYPE_VALUE_OTHER).toBe('_OTHER')
    expect(semconv.METRIC_AFN_LLM_COST).toBe('afn.llm.cost')
    expect(semconv.EVENT_GEN_AI_EVALUATION_RESULT).toBe('gen_ai.evaluation.result')
  })

  it('knows the type that each attribute has on a span', () => {
    expect(semconv.ATTRIBUTE_TYPES[semconv.ATTR_GEN_AI_RESPONSE_FINISH_REASONS]).toBe('string[]')
    expect(semconv.ATTRIBUTE_TYPES[semconv.ATTR_GEN_AI_INPUT_MESSAGES]).toBe('string')
    expect(semconv.ATTRIBUTE_TYPES[semconv.ATTR_GEN_AI_OPERATION_NAME]).toBe('string')
    const doubles = Object.entries(semconv.ATTRIBUTE_TYPES).filter(([, type]) => type === 'double')
    expect([...semconv.DOUBLE_KEYS].sort()).toEqual(doubles.map(([key]) => key).sort())
    expect(semconv.DOUBLE_KEYS).toContain(semconv.ATTR_AFN_LLM_COST_TOTAL)
  })

  it('has the bucket edges of the conventions, so that sums with services of other SDKs hold', () => {
    const { advice, unit } = semconv.METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_DURATION
    // https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
    expect(advice.explicitBucketBoundaries).toEqual(Array.from({ length: 14 }, (_, n) => 2 ** n / 100))
    expect(unit).toBe('s')
  })
})
