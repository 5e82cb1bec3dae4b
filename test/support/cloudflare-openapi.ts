// Cloudflare's own description of its API, OpenAPI 3.0.3: https://github.com/cloudflare/api-schemas, openapi.json of commit 65061ff9 (August 2024), the
// last one that is small enough to be had everywhere. Nothing of it is committed: CLOUDFLARE_OPENAPI names the file.
import { existsSync, readFileSync } from 'node:fs'
import Ajv from 'ajv'
import addFormats from 'ajv-formats'
import type { CloudflareRequest } from './cloudflare-server'

type Json = Record<string, unknown>

interface Operation {
  requestBody?: { $ref?: string; content?: Record<string, { schema?: object }> }
  responses: Record<string, { content?: Record<string, { schema?: object }> }>
}

export function findCloudflareOpenApi(): { file: string } | { missing: string } {
  const file = process.env.CLOUDFLARE_OPENAPI
  if (file && existsSync(file)) return { file }
  return {
    missing: `CLOUDFLARE_OPENAPI ${file ? `names ${file}, which is not there` : 'is not set'}: openapi.json of github.com/cloudflare/api-schemas at 65061ff9`,
  }
}

export interface Verdict {
  /** `PUT /accounts/{account_id}/…`; undefined where it has no such operation. */
  operation: string | undefined
  problems: string[]
}

export class CloudflareOpenApi {
  readonly #paths: Record<string, Record<string, Operation>>
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false })
  readonly #templates: readonly { template: string; pattern: RegExp }[]

  constructor(file: string) {
    const document = jsonSchemaOf(JSON.parse(readFileSync(file, 'utf8'))) as Json
    this.#paths = document.paths as Record<string, Record<string, Operation>>
    addFormats(this.#ajv)
    this.#ajv.addSchema(document, 'openapi')
    this.#templates = Object.keys(this.#paths).map(template => ({
      template,
      pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    }))
  }

  /** What of a request, and of the answer to it, is not as it says. */
  verdictOn({ method, path, status, body, answer }: CloudflareRequest): Verdict {
    const fits = this.#templates.filter(({ pattern }) => pattern.test(path)).map(({ template }) => template)
    // a template without a variable comes before one that has any
    const template = fits.toSorted((a, b) => a.split('{').length - b.split('{').length)[0]
    const operation = template === undefined ? undefined : this.#paths[template]?.[method.toLowerCase()]
    if (template === undefined || operation === undefined) return { operation: undefined, problems: [] }
    const at = ['paths', template, method.toLowerCase()]
    const problems: string[] = []
    const check = (what: string, value: unknown, place: string[]) => {
      const problem = this.problemOf(value, [...at, ...place])
      if (problem) problems.push(`${what}: ${problem}`)
    }
    const json = 'application/json'
    if (body !== '' && operation.requestBody?.content?.[json]?.schema)
      check('request', body, ['requestBody', 'content', json, 'schema'])
    const response = [String(status), `${String(status)[0]}XX`].find(
      name => operation.responses[name]?.content?.[json]?.schema,
    )
    const place = ['responses', response ?? '', 'content', json, 'schema']
    // it says that a refusal is an answer of success and one of failure at once, which nothing is: the last part is that of failure
    const parts = (operation.responses[response ?? '']?.content?.[json]?.schema as { allOf?: object[] })?.allOf
    if (response)
      check(`answer ${status}`, answer, status < 400 || !parts ? place : [...place, 'allOf', String(parts.length - 1)])
    return { operation: `${method} ${template}`, problems }
  }

  /** @param place names on the way to a schema of the document */
  problemOf(value: unknown, place: readonly string[]): string | undefined {
    const pointer = place.map(name => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
    const validate = this.#ajv.getSchema(`openapi#/${pointer}`)
    if (!validate) throw new Error(`the OpenAPI has no ${place.join(' ')}`)
    return validate(value) ? undefined : this.#ajv.errorsText(validate.errors)
  }
}

/**
 * JSON Schema has `null` as a type, and no `nullable`. A `oneOf` becomes an `anyOf`: alternatives overlap in this document, so that it would
 * refuse its own examples. The id of a mechanism is a UUID, which is a string without a format there, or any string.
 */
function jsonSchemaOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonSchemaOf)
  if (typeof value !== 'object' || value === null) return value
  const { nullable, example: _, ...rest } = value as Json
  const converted = Object.fromEntries(
    Object.entries(rest).map(([name, inner]) => [
      name === 'oneOf' && Array.isArray(inner) ? 'anyOf' : name,
      jsonSchemaOf(inner),
    ]),
  )
  return nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted
}
