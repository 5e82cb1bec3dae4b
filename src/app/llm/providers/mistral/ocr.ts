// Mistral's OCR, billed by the page; on Vertex and Azure too.
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OUTPUT_TYPE_VALUE_JSON,
  GEN_AI_OUTPUT_TYPE_VALUE_TEXT,
  GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI,
} from '../../../../../semconv'
import { textMessages } from '../../messages'
import { count, doc, docs, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { isJson, type Protocol, unstreamed } from '../protocol'
import { isProvider } from '../providers'

const annotations = ['bbox_annotation_format', 'document_annotation_format'] as const

export const mistralOcr: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI,
  identifiableByHead: facts => isJson(facts) && isProvider(facts.url.hostname),

  requestFields: { model: true, document: { type: true }, ...Object.fromEntries(annotations.map(name => [name, {}])) },
  requestContentFields: {},
  request(body) {
    const params = doc(body)
    const model = text(params?.model)
    if (!model || !doc(params?.document)) return undefined
    const annotated = annotations.some(name => doc(params?.[name]))
    const output = annotated ? GEN_AI_OUTPUT_TYPE_VALUE_JSON : GEN_AI_OUTPUT_TYPE_VALUE_TEXT
    return { model, stream: false, choices: 1, attributes: { [ATTR_GEN_AI_OUTPUT_TYPE]: output } }
  },
  input: () => ({ messages: [] }),

  responseFields: {
    model: true,
    usage_info: true,
    document_annotation: true,
    pages: { '*': { images: { '*': { image_annotation: true } } } },
    ...errorFields,
  },
  responseContentFields: { pages: { '*': { markdown: true, images: { '*': { image_annotation: true } } } } },
  ...unstreamed,
  response(document) {
    const answer = doc(document) ?? {}
    const pages = count(doc(answer.usage_info)?.pages_processed)
    const isAnnotated =
      answer.document_annotation || docs(answer.pages).some(page => docs(page.images).some(one => one.image_annotation))
    return {
      model: text(answer.model),
      finishReasons: [],
      // A page is charged once, and at a higher price if it is annotated.
      usage: pages === undefined ? undefined : isAnnotated ? { annotatedPages: pages } : { pages },
      error: errorIn(document),
    }
  },
  output: document => docs(doc(document)?.pages).flatMap(({ markdown }) => textMessages('assistant', markdown)),
}
