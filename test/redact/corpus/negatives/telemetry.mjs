// What telemetry is full of and what looks like personal data or secrets; all of it has to pass unchanged.
import { luhn } from '../checks.mjs'
import { timestamp } from '../scenes/containers.mjs'

/** @typedef {import('../random.mjs').Random} Random */

const MODELS = ['gpt-4o-2024-08-06', 'gpt-5-mini', 'claude-sonnet-4-5-20250929', 'gemini-2.5-flash-preview-09-2025', 'us.anthropic.claude-3-5-sonnet-20241022-v2:0', 'meta-llama/Llama-3.3-70B-Instruct-Turbo', 'mistral-large-2411', 'command-r-plus-08-2024', 'text-embedding-3-small', 'deepseek-r1:14b', 'qwen2.5-coder-32b'] // biome-ignore format: a list

/** A number that passes Luhn by chance and is no card: a JAN code, an order, a tracking number. @param {Random} r @param {number} length @param {string} prefix */
const luhnLike = (r, length, prefix) => {
  const head = prefix + r.digits(length - prefix.length - 1)
  return head + luhn(head)
}

/** @type {Record<string, (r: Random) => string>} */
// biome-ignore format: a table
export const telemetry = {
  trace_ids: r => `trace_id=${r.hex(32)} span_id=${r.hex(16)} trace_flags=01`,
  trace_json: r => JSON.stringify({ traceId: r.hex(32), spanId: r.hex(16), parentSpanId: r.hex(16), name: 'GET /users/:id', kind: 2, startTimeUnixNano: `17${r.digits(17)}`, endTimeUnixNano: `17${r.digits(17)}` }),
  traceparent: r => `traceparent: 00-${r.hex(32)}-${r.hex(16)}-01`,
  decimal_trace: r => `dd.trace_id=${r.number(19)} dd.span_id=${r.number(18)}`,
  uuid: r => `request ${r.uuid()} finished in ${r.int(1, 900)} ms`,
  ulid: r => `job 01${r.chars(24, '0123456789ABCDEFGHJKMNPQRSTVWXYZ')} queued`,
  bech32_like: r => r.pick([`node bc1${r.hex(39)}`, `bc1q${r.chars(38, 'qpzry9x8gf2tvdw0s3jn54khce6mua7l')} is no address`, `tx ${r.hex(24)}bc1${r.hex(37)}`, `image:abc1-${r.hex(12)}`, 'bcl1 bc1 bc1q']),
  object_id: r => JSON.stringify({ _id: r.hex(24), __v: 0 }),
  hash: r => r.pick([`sha256:${r.hex(64)}`, `commit ${r.hex(40)}`, `etag: W/"${r.hex(32)}"`, `md5=${r.hex(32)}`, `integrity sha512-${r.alnum(86)}==`, `image@sha256:${r.hex(64)}`, `index ${r.hex(7)}..${r.hex(7)} 100644`]),
  semver: r => `${r.pick(['react', '@opentelemetry/api', 'left-pad', 'express'])}@${r.int(0, 40)}.${r.int(0, 99)}.${r.int(0, 999)}${r.pick(['', '-rc.1', '+build.5', '-beta.20250101'])}`,
  version: r => r.pick([`v${r.int(1, 20)}.${r.int(0, 20)}.${r.int(0, 300)}.${r.int(0, 9)}`, `version ${r.int(1, 9)}.${r.int(0, 20)}.${r.int(0, 99)}.${r.int(0, 9)}`, `Chrome/${r.int(90, 140)}.0.${r.int(4000, 7000)}.${r.int(10, 200)} Safari/537.36`, `kernel 6.${r.int(1, 12)}.0-${r.int(10, 90)}-generic`]),
  timestamps: r => r.pick([timestamp(r), `17${r.digits(11)}`, `17${r.digits(8)}`, `17${r.digits(14)}`, `17${r.digits(17)}`, `2026-03-0${r.int(1, 9)} 12:34:56,${r.digits(3)}`, `2026-03-0${r.int(1, 9)}T08:00:00+09:00`, `[0${r.int(1, 9)}/Mar/2026:13:55:36 +0900]`, 'Tue, 24 Nov 2026 10:00:00 GMT', `${r.int(1, 12)}/${r.int(1, 28)}/2026 10:05 PM`, `20260${r.int(1, 9)}${r.int(10, 28)}T101530Z`, `created_at: 2026-0${r.int(1, 9)}-1${r.int(0, 9)}`]),
  order: r => r.pick([`order ${r.number(8)} shipped`, `Order #${r.number(10)}`, `ORD-2026-${r.digits(6)}`, `invoice INV-${r.digits(8)}`, `tracking 1Z${r.chars(16, '0123456789ABCDEFGHJKLMN')}`, `tracking number ${r.number(12)}`, `PO ${r.number(10)}`, `order_id=${luhnLike(r, 14, '20')}`, `"orderId":"${r.number(16)}"`, `ticket ${r.number(7)} closed`, `SKU ${r.fill('AA-####-###')}`, `batch ${r.digits(4)}-${r.digits(4)}`]),
  ean: r => r.pick([`JAN ${luhnLike(r, 13, '49')}`, `barcode ${r.number(13)}`, `ISBN 978-4-${r.digits(4)}-${r.digits(4)}-${r.digits(1)}`, `EAN-13: ${r.number(13)}`, `GTIN ${r.number(14)}`]),
  model: r => r.pick(MODELS),
  usage: r => JSON.stringify({ usage: { prompt_tokens: r.int(1, 9999999), completion_tokens: r.int(1, 9999999), total_tokens: r.int(1, 99999999), prompt_tokens_details: { cached_tokens: r.int(0, 99999) } } }),
  usage_attributes: r => JSON.stringify({ 'gen_ai.usage.input_tokens': r.int(1, 999999), 'gen_ai.usage.output_tokens': r.int(1, 999999), 'gen_ai.request.max_tokens': 4096, 'gen_ai.response.id': `chatcmpl-${r.alnum(29)}` }),
  response_ids: r => r.pick([`msg_01${r.alnum(22)}`, `resp_${r.hex(48)}`, `chatcmpl-${r.alnum(29)}`, `toolu_01${r.alnum(22)}`, `call_${r.alnum(24)}`, `req_${r.alnum(24)}`, `run_${r.alnum(24)}`, `thread_${r.alnum(24)}`, `asst_${r.alnum(24)}`, `file-${r.alnum(22)}`]),
  stripe_ids: r => r.pick([`cus_${r.alnum(14)}`, `pi_3${r.alnum(23)}`, `ch_3${r.alnum(23)}`, `evt_1${r.alnum(23)}`, `price_1${r.alnum(23)}`]),
  cloud: r => r.pick([`arn:aws:iam::${r.number(12)}:role/app-role`, `i-0${r.hex(16)}`, `vpc-${r.hex(17)}`, `projects/${r.number(12)}/locations/global`, `subscriptions/${r.uuid()}/resourceGroups/rg1`, `aws account ${r.number(12)}`, `ami-0${r.hex(16)}`]),
  kubernetes: r => `pod/api-${r.chars(10, 'bcdfghjklmnpqrstvwxz2456789')}-${r.chars(5, 'bcdfghjklmnpqrstvwxz2456789')} node ip-10-0-${r.int(0, 255)}-${r.int(0, 255)}.ec2.internal`,
  private_network: r => r.pick([`10.${r.int(0, 255)}.${r.int(0, 255)}.${r.int(1, 254)}:8080`, `192.168.${r.int(0, 255)}.${r.int(1, 254)}`, '127.0.0.1:5432', '[::1]:443', '0.0.0.0:3000', '172.17.0.1', 'http://localhost:3000/api', 'fe80::1%lo0', '169.254.169.254']),
  numbers: r => r.pick([`0.${r.digits(16)}`, `-${r.digits(3)}.${r.digits(12)}`, `1e-${r.digits(2)}`, `p99=${r.int(100, 999)}.${r.digits(6)}ms`, `heap ${r.number(9)} bytes`, `size=${r.number(10)}`, `offset ${r.number(12)}`, `rows: ${r.number(7)}`, `[${r.int(1, 9)}.${r.digits(8)}, -0.${r.digits(8)}, 0.${r.digits(8)}]`, `latitude 35.${r.digits(6)}, longitude 139.${r.digits(6)}`]),
  embedding: r => JSON.stringify({ object: 'embedding', embedding: Array.from({ length: 12 }, () => Number(`${r.pick(['', '-'])}0.0${r.number(9)}`)), index: 0 }),
  metrics: r => `http_server_duration_bucket{method="GET",route="/users/:id",status="200",le="0.25"} ${r.number(6)} 17${r.digits(11)}`,
  agent: r => `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${r.int(14, 18)}.${r.int(0, 6)} Mobile/15E148 Safari/604.1`,
  routes: r => r.pick([`GET /api/v2/users/${r.number(6)}/orders/${r.number(8)}?page=2&size=50 200`, `https://shop.example.com/dp/B0${r.chars(8, 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789')}?ref=sr_1_${r.int(1, 9)}`, `/static/js/main.${r.hex(8)}.chunk.js`, `s3://bucket/2026/03/0${r.int(1, 9)}/part-00000-${r.uuid()}.snappy.parquet`, '/assets/logo@2x.png', `https://maps.example.com/@35.681236,139.767125,17z`]),
  sql: r => r.pick(['SELECT id, email, phone FROM users WHERE email = $1 AND password = ? LIMIT 10', `SELECT * FROM orders WHERE id IN (${r.number(6)}, ${r.number(6)}, ${r.number(6)})`, 'INSERT INTO users (name, email, password_hash) VALUES ($1, $2, $3)', 'UPDATE tokens SET revoked = true WHERE expires_at < now()', 'CREATE TABLE users (id bigint, password varchar(255) NOT NULL, phone text)']),
  redis: r => r.pick([`GET session:${r.hex(12)}`, 'SET counter:page:home 12345678', `HGETALL user:${r.int(1, 99999)}`, 'EXPIRE token:cache 3600']),
  placeholders: r => r.pick(['password=********', 'api_key=<your-api-key>', `token: $${'{TOKEN}'}`, 'Authorization: Bearer <token>', 'OPENAI_API_KEY=sk-...', 'password: xxxxxxxx', 'apiKey: process.env.API_KEY', 'secretKeyRef:\n  name: db-secret\n  key: password', `DB_PASSWORD=$${'{DB_PASSWORD:?required}'}`, 'phone: (___) ___-____', 'email: required', 'ssn: [REDACTED]']),
  status: r => JSON.stringify({ 'http.request.method': 'POST', 'http.response.status_code': 201, 'server.address': 'api.internal', 'server.port': 8443, 'network.protocol.version': '1.1', 'url.path': '/v1/items', 'http.request.body.size': r.int(100, 99999) }),
  resource: r => JSON.stringify({ 'service.name': 'checkout-service', 'service.version': `${r.int(1, 9)}.${r.int(0, 20)}.${r.int(0, 99)}`, 'telemetry.sdk.name': 'opentelemetry', 'host.name': `ip-10-0-1-${r.int(1, 250)}`, 'process.pid': r.int(100, 99999), 'k8s.pod.uid': r.uuid() }),
  phone_like: r => r.pick([`port range 30000-32767`, `2024-2025 budget`, `lines 120-456-789`, `${r.digits(3)}-${r.digits(2)}: see section`, `ratio 16:9, 1920x1080`, `rgb(255, 128, 0)`, `error 0x80070005`, `ISO 8601-1:2019`, `RFC 7231 section 6.5.4`, `HTTP 429 retry after 3600`, `pages 1021-1034`, `GMT+0900`]),
}
