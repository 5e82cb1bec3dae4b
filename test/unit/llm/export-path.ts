// The way out of spans as the preload has it, up to what would be sent.
import * as dialects from '../../../src/app/llm/spans/dialects'
import { createNormalise } from '../../../src/app/llm/spans/normalise'
import type { SpanCopy } from '../../../src/app/sdk/span-copy'
import { SpanPipeline } from '../../../src/app/sdk/span-pipeline'

export type Out = SpanCopy[]

export function exportPath(
  next?: (span: SpanCopy) => void,
  flush: () => Promise<void> = async () => {},
): { path: SpanPipeline; out: Out } {
  const out: Out = []
  const pricing = {
    ready: true,
    table: 'test',
    load: async () => {},
    prepare: () => false,
    needs: () => false,
    price() {},
  }
  const add = next ?? ((span: SpanCopy) => void out.push(span))
  const normalise = createNormalise({ content: true, keepOriginals: true }, () => dialects)
  const redactor = { span() {}, *spanInPieces() {} }
  return { path: new SpanPipeline(redactor, pricing, { add, flush }, { normalise, count: [], write: [] }), out }
}
