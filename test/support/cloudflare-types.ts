// What the types of Cloudflare's own client (npm cloudflare) say of a value, and answers as its API forms them.
import { readFileSync } from 'node:fs'
import Ajv from 'ajv'
import { findCloudflareSchema } from './binaries.mjs'

export interface CloudflareAnswer {
  status: number
  headers?: Record<string, string>
  body: object | string
  /** Whether the request is carried out all the same. */
  isDone?: boolean
}

export const success = (result: unknown, more: object = {}): CloudflareAnswer => ({
  status: 200,
  body: { success: true, errors: [], messages: [], result, ...more },
})

export const refusal = (status: number, code: number, message: string): CloudflareAnswer => ({
  status,
  body: { success: false, errors: [{ code, message }], messages: [], result: null },
})

let compiled: Ajv | undefined

/** @returns why a value is none of that type; undefined where it is one */
export function problemsOf(type: string, value: unknown): string | undefined {
  const found = findCloudflareSchema()
  if ('missing' in found) throw new Error(found.missing)
  const schema = () => JSON.parse(readFileSync(found.file, 'utf8')) as object
  // takes longer than all the rest of a server's start
  compiled ??= new Ajv({ strict: false, allErrors: true }).addSchema(schema(), 'bodies')
  const validate = compiled.getSchema(`bodies#/definitions/Bodies/properties/${type}`)
  if (!validate) throw new Error(`Cloudflare's types have no ${type}`)
  return validate(value) ? undefined : compiled.errorsText(validate.errors)
}
