// The redactors that bench:redact measures ours beside, each as a function from a text to the text that is left; what a peer
// only lists is cut out.
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** @typedef {(text: string) => string | Promise<string>} Redact */

/** @type {Record<string, (folder: string) => Promise<Redact>>} */
const MAKERS = {
  'redact-pii': async folder => {
    const { SyncRedactor } = await load(folder, 'redact-pii')
    const redactor = new SyncRedactor()
    return text => redactor.redact(text)
  },
  '@openai/guardrails': async folder => {
    const { pii, PIIConfig, PIIEntity } = await load(folder, '@openai/guardrails')
    // NRP takes any two words for a nationality or a group.
    const entities = Object.values(PIIEntity).filter(entity => entity !== 'NRP')
    const config = PIIConfig.parse({ entities, block: false })
    return async text => {
      const { info } = await pii({}, text, config)
      return Object.values(info.detected_entities ?? {})
        .flat()
        .reduce((left, value) => left.replaceAll(value, ''), text)
    }
  },
  openredaction: async folder => {
    const { OpenRedaction } = await load(folder, 'openredaction')
    const redactor = new OpenRedaction()
    return async text => (await redactor.detect(text)).redacted
  },
  '@redactpii/node': async folder => {
    const { Redactor } = await at(folder, '@redactpii/node/lib/index.js')
    const redactor = new Redactor()
    return text => redactor.redact(text)
  },
  '@secretlint/*': async folder => {
    const { lintSource } = await at(folder, '@secretlint/core/module/index.js')
    const { creator } = await at(folder, '@secretlint/secretlint-rule-preset-recommend/module/index.js')
    const options = { config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] } }
    return async text => {
      const source = { filePath: '/text.txt', content: text, contentType: 'text', ext: '.txt' }
      const { messages } = await lintSource({ source, options: { ...options, noPhysicFilePath: true } })
      return messages.reduceRight((left, { range: [from, to] }) => left.slice(0, from) + left.slice(to), text)
    }
  },
}

/** @param {string} folder @param {string} name */
const load = (folder, name) =>
  import(pathToFileURL(createRequire(path.join(folder, 'package.json')).resolve(name)).href)
/** A file that the package does not export to an importer from outside. @param {string} folder @param {string} file */
const at = (folder, file) => import(pathToFileURL(path.join(folder, 'node_modules', file)).href)

/**
 * @param {string} folder where the peers are installed
 * @returns {Promise<Map<string, Redact>>} without those that do not load, of which a line says why
 */
export async function peers(folder) {
  /** @type {Map<string, Redact>} */
  const made = new Map()
  for (const [name, make] of Object.entries(MAKERS)) {
    try {
      made.set(name, await make(folder))
    } catch (error) {
      console.log(`not measured: ${name}: ${String(error).split('\n')[0]}`)
    }
  }
  return made
}
