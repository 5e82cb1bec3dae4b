// Is required before OpenTelemetry's own tests of an instrumentation. What they have as `../src` is the package as npm has it, in
// which AFN_SUITES_DIST puts our class in the place of theirs, patched as the preload's hook does.
const { readFileSync } = require('node:fs')
const Module = require('node:module')
const path = require('node:path')

const own = Module.createRequire(path.join(process.cwd(), 'package.json'))
const { name } = JSON.parse(readFileSync('package.json', 'utf8'))
const { AFN_SUITES_DIST: dist, AFN_SUITES_CONFIG: config = '{}' } = process.env
const ts = own('typescript')

require.extensions['.ts'] = (module, file) => {
  const compilerOptions = { module: 'commonjs', target: 'es2022' }
  // ours puts no mark on it by which that would know
  const text = readFileSync(file, 'utf8').replace(/^.*\bisWrapped\(https?\.Server\.prototype\.emit\).*$/gm, '')
  module._compile(ts.transpileModule(text, { fileName: file, compilerOptions }).outputText, file)
}

const find = Module._resolveFilename
Module._resolveFilename = function (request, parent, ...rest) {
  const [, inside] = /^(?:\.\.\/)+src(\/.*)?$/.exec(request) ?? []
  const isTheirs = /^(?:\.\.\/)+src(?:\/|$)/.test(request) && parent?.filename?.includes(`${path.sep}test${path.sep}`)
  return find.call(this, isTheirs ? `${name}/build/src${inside ?? ''}` : request, parent, ...rest)
}

if (dist) {
  const exports = own(name)
  const [class_] = Object.keys(exports).filter(key => /Instrumentation$/.test(key))
  const ours = makeOurs(name.replace('@opentelemetry/instrumentation-', ''))
  for (const module of Object.values(require.cache))
    if (module.exports?.[class_] === exports[class_])
      module.exports = Object.defineProperty(Object.create(module.exports), class_, { value: ours, enumerable: true })
}

/** @param {string} short */
function makeOurs(short) {
  const kept = JSON.parse(config)
  const base = require(path.join(dist, 'chunks/instrumentation.cjs'))
  const { create } = require(path.join(dist, `chunks/instrument-${short}.cjs`))
  // created disabled and then enabled, as by the preload
  return class extends create({ enabled: false }).constructor {
    constructor(config = {}) {
      super({ ...config, ...kept, enabled: false })
      if (config.enabled !== false) this.enable()
    }

    setConfig(config = {}) {
      super.setConfig({ ...config, ...kept })
    }

    enable() {
      super.setConfig({ ...this.getConfig(), enabled: true })
      super.enable()
      for (const { name: target, moduleExports } of this._modules ?? []) {
        // what has been loaded once is patched again by the class itself
        if (moduleExports) continue
        if (Module.isBuiltin(target)) base.dispatch(require(target), target, undefined)
        else if (has(target)) base.dispatch(own(target), target, path.dirname(own.resolve(`${target}/package.json`)))
      }
    }
  }
}

/** @param {string} target */
function has(target) {
  try {
    return own.resolve(target)
  } catch {
    return false
  }
}
