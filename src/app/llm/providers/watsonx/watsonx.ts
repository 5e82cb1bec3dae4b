// What the APIs of IBM watsonx.ai have in common: https://cloud.ibm.com/apidocs/watsonx-ai. A request names its model, or the
// path names a deployment, which has one.
import { doc, docs, text } from '../../wire/json'
import { errorIn, errorFields as sharedErrorFields } from '../errors'
import type { ProviderError } from '../protocol'

/** Undefined where the request names no model and no deployment. */
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
