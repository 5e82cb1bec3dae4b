// Code that the APIs of IBM watsonx.ai share: https://cloud.ibm.com/apidocs/watsonx-ai. A request has the model, or its path has a
// deployment, which has one.
import { doc, docs, text } from '../../wire/json'
import { errorIn, errorFields as sharedErrorFields } from '../errors'
import type { ProviderError } from '../protocol'

/** Undefined if the request has neither a model nor a deployment. */
export function targetOf(body: unknown, url: URL): { readonly model: string | undefined } | undefined {
  const model = text(doc(body)?.model_id)
  return model !== undefined || url.pathname.includes('/deployments/') ? { model } : undefined
}

export const errorFields = { ...sharedErrorFields, errors: true } as const

/** `{"errors": [{"code": "model_not_supported", "message": …}], "trace": …}`. */
export function errorOf(document: unknown): ProviderError | undefined {
  const [first] = docs(doc(document)?.errors)
  return first ? { type: text(first.code), message: text(first.message) } : errorIn(document)
}
