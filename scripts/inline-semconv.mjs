// esbuild plugin. What there is as CommonJS alone requires the whole of @opentelemetry/semantic-conventions, 180 kB, for a few
// names; this writes the names in their place. A file that requires the package in a way that is not known here
// fails the build, which else would grow unseen.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const name = '@opentelemetry/semantic-conventions(?:/incubating)?'
const whole = new RegExp(`(?:const|var) (\\w+) = require\\(["'](${name})["']\\);?`)
const required = new RegExp(`\\brequire\\(["']${name}["']\\)`)
const picked = new RegExp(`const \\{([^}]+)\\} = require\\(["'](${name})["']\\)`)

export const inlineSemconv = {
  name: 'inline-semconv',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/@(opentelemetry|fastify\/otel)\/.*\.c?js$/ }, async ({ path }) => {
      const contents = inline(await readFile(path, 'utf8'))
      if (!required.test(contents)) return { contents, loader: 'js' }
      return { errors: [{ text: `${path} still requires the names of semconv; adapt scripts/inline-semconv.mjs` }] }
    })
  },
}

function inline(source) {
  const namespace = whole.exec(source)
  if (namespace) {
    const constants = require(namespace[2])
    const rest = source.replace(namespace[0], '')
    const inlined = rest.replace(new RegExp(`\\b${namespace[1]}\\.(\\w+)`, 'g'), (use, key) =>
      typeof constants[key] === 'string' ? JSON.stringify(constants[key]) : use,
    )
    // something is used that is no plain name: leave the file as it is
    return inlined.includes(namespace[1]) ? source : inline(inlined)
  }
  const names = picked.exec(source)
  if (!names) return source
  const constants = require(names[2])
  const literal = names[1]
    .split(',')
    .map(key => key.trim())
    .filter(Boolean)
    .map(key => `${key}: ${JSON.stringify(constants[key])}`)
  return source.replace(names[0], `const {${names[1]}} = { ${literal.join(', ')} }`)
}
