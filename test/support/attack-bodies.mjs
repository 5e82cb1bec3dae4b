// What strangers may send to a receiver of OTLP so that it costs more than it weighs: the bodies of the attack review
// (up-bomb, up-pb, next-dos), each as large as `most` bytes allow once it is unpacked.

/** @typedef {{ signal: 'traces' | 'logs' | 'metrics', type: 'application/json' | 'application/x-protobuf', body: Buffer }} Attack */

const clock = '"startTimeUnixNano":"1795000000000000000","endTimeUnixNano":"1795000000000000001"'
const ids = `"traceId":"0000000000000000000000000000000a","spanId":"000000000000000a",${clock}`

/** @param {number} size @param {string} unit */
const times = (size, unit) => unit.repeat(Math.max(1, Math.floor(size / unit.length)))

/**
 * @param {string} before @param {(at: number) => string} one @param {string} after @param {number} most
 * @returns the list of as many as fit
 */
function list(before, one, after, most) {
  let left = most - before.length - after.length
  const parts = []
  for (let at = 1; ; at++) {
    const next = one(at)
    left -= next.length + 1
    if (left < 0) break
    parts.push(next)
  }
  return before + parts.join(',') + after
}

/** @param {number} value */
function varint(value) {
  const bytes = []
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128)
  return Buffer.from([...bytes, value])
}

/** A field of protobuf that has a length. @param {number} number @param {Buffer} content */
const field = (number, content) => Buffer.concat([varint(number * 8 + 2), varint(content.length), content])
/** @param {number} size @param {Buffer} unit */
const fill = (size, unit) => Buffer.alloc(unit.length * Math.max(1, Math.floor(size / unit.length)), unit)

const hex = (/** @type {number} */ at, /** @type {number} */ digits) => at.toString(16).padStart(digits, '0')

/** Texts of which each character costs a redactor much, by name; each is cut or repeated to a length. */
export const hostileTexts = {
  'numbers of telephones': ` -password ${'(0)11 '.repeat(200)}`,
  'groups of digits': '1234-5678 '.repeat(100),
  'a matrix': '1, 2, 3, '.repeat(100),
  'a dump in hexadecimal': '4f 70 65 6e '.repeat(100),
  'keys of secrets': '"password":"'.repeat(80),
  'signs of addresses': 'a@b'.repeat(300),
  'percent signs': '%40'.repeat(300),
}

const EMPTY = Buffer.alloc(0)

/**
 * @param {number} most bytes of one, unpacked
 * @returns {Record<string, Attack>}
 */
export function attacks(most) {
  const limit = most - 1000
  const spans = '{"resourceSpans":[{"scopeSpans":[{"spans":['
  const logs = '{"resourceLogs":[{"scopeLogs":[{"logRecords":['
  const end = ']}]}]}'
  /** @type {Record<string, Attack>} */
  const all = {}
  /** @param {string} name @param {Attack['signal']} signal @param {string} text */
  const json = (name, signal, text) => {
    all[`JSON, ${name}`] = { signal, type: 'application/json', body: Buffer.from(text) }
  }
  json(
    'empty resourceSpans',
    'traces',
    list('{"resourceSpans":[', () => '{}', ']}', limit),
  )
  json(
    'empty spans',
    'traces',
    list(spans, () => '{}', end, limit),
  )
  json(
    'empty log records',
    'logs',
    list(logs, () => '{}', end, limit),
  )
  json('brackets that never close', 'traces', `{"x":${times(limit, '[')}`)
  json('brackets that close', 'traces', `{"resourceSpans":${times(limit / 2, '[')}${times(limit / 2, ']')}}`)
  json(
    'a list of numbers in an unknown field',
    'traces',
    list('{"x":[', () => '1', '],"resourceSpans":[]}', limit),
  )
  json(
    'keys of an unknown object',
    'traces',
    list('{"x":{', at => `"${at}":1`, '},"resourceSpans":[]}', limit),
  )
  json(
    'deep values',
    'logs',
    (() => {
      const value = `${'{"arrayValue":{"values":['.repeat(40)}{"intValue":1}${']}}'.repeat(40)}`
      return list(logs, () => `{"timeUnixNano":"1","body":${value}}`, end, limit)
    })(),
  )
  json(
    'attributes of one resource',
    'traces',
    list('{"resourceSpans":[{"resource":{"attributes":[', () => '{"key":"k"}', ']}}]}', limit),
  )
  json(
    'different attributes',
    'traces',
    list(
      '{"resourceSpans":[{"resource":{"attributes":[',
      at => `{"key":"k${at}","value":{"stringValue":"v"}}`,
      `]},"scopeSpans":[{"spans":[{${ids}}]}]}]}`,
      limit,
    ),
  )
  json(
    'integers in a list',
    'traces',
    list(
      `${spans}{${ids},"attributes":[{"key":"a","value":{"arrayValue":{"values":[`,
      () => '{"intValue":1}',
      `]}}}]}${end}`,
      limit,
    ),
  )
  json(
    'small spans',
    'traces',
    list(spans, at => `{"traceId":"${hex(at, 32)}","spanId":"${hex(at, 16)}","name":"a",${clock}}`, end, limit),
  )
  json(
    'small log records',
    'logs',
    list(logs, at => `{"timeUnixNano":"${at}"}`, end, limit),
  )
  json(
    'different resources',
    'traces',
    list(
      '{"resourceSpans":[',
      at =>
        `{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s${at}"}}]},"scopeSpans":[{"spans":[{"traceId":"${hex(at, 32)}","spanId":"000000000000000a",${clock}}]}]}`,
      ']}',
      limit,
    ),
  )
  json(
    'one text of prose',
    'logs',
    `${logs}{"timeUnixNano":"1","body":{"stringValue":"${times(limit - 200, 'the quick brown fox ')}"}}${end}`,
  )
  for (const [name, text] of Object.entries(hostileTexts)) {
    const quoted = JSON.stringify(text).slice(1, -1)
    json(
      `one text: ${name}`,
      'logs',
      `${logs}{"timeUnixNano":"1","body":{"stringValue":"${times(limit - 200, quoted)}"}}${end}`,
    )
    json(
      `many texts: ${name}`,
      'logs',
      list(logs, at => `{"timeUnixNano":"${at}","body":{"stringValue":"${at} ${quoted}"}}`, end, limit),
    )
    json(
      `many short texts: ${name}`,
      'traces',
      list(
        spans,
        at =>
          `{${ids},"attributes":[${Array.from({ length: 50 }, (_, n) => `{"key":"k${n}","value":{"stringValue":${JSON.stringify(`${at} ${n} ${text.slice(0, 60)}`)}}}`).join()}]}`,
        end,
        limit,
      ),
    )
  }

  /** @param {string} name @param {Buffer} body @param {Attack['signal']} [signal] */
  const protobuf = (name, body, signal = 'traces') => {
    all[`protobuf, ${name}`] = { signal, type: 'application/x-protobuf', body }
  }
  const [id, spanId] = [field(1, Buffer.alloc(16, 1)), field(2, Buffer.alloc(8, 1))]
  /** @param {Buffer} more */
  const span = more => field(1, field(2, field(2, Buffer.concat([id, spanId, more]))))
  protobuf('empty resources', fill(limit, field(1, EMPTY)))
  protobuf('empty scopes', field(1, fill(limit, field(2, EMPTY))))
  protobuf('empty spans', field(1, field(2, fill(limit, field(2, EMPTY)))))
  protobuf('spans of one id', field(1, field(2, fill(limit, field(2, Buffer.concat([id, spanId]))))))
  protobuf('empty events', span(fill(limit - 200, field(11, EMPTY))))
  protobuf('empty links', span(fill(limit - 200, field(13, EMPTY))))
  protobuf(
    'empty values in a list',
    span(field(9, Buffer.concat([field(1, Buffer.from('k')), field(2, field(5, fill(limit - 300, field(1, EMPTY))))]))),
  )
  protobuf('empty attributes of a resource', field(1, field(1, fill(limit, field(1, EMPTY)))))
  protobuf('empty log records', field(1, field(2, fill(limit, field(2, EMPTY)))), 'logs')
  protobuf('empty metrics', field(1, field(2, fill(limit, field(2, EMPTY)))), 'metrics')
  protobuf(
    'counts of buckets',
    field(
      1,
      field(
        2,
        field(
          2,
          Buffer.concat([field(1, Buffer.from('m')), field(9, field(1, field(6, fill(limit - 300, Buffer.alloc(8)))))]),
        ),
      ),
    ),
    'metrics',
  )
  protobuf(
    'points of a gauge',
    field(
      1,
      field(2, field(2, Buffer.concat([field(1, Buffer.from('m')), field(5, fill(limit - 300, field(1, EMPTY)))]))),
    ),
    'metrics',
  )
  return all
}
