// The forms that logs, requests, tables and code give to a value: with a key beside it, or bare.
import { around } from '../mark.mjs'

/** @typedef {import('../random.mjs').Random} Random */

/** @param {Random} r */
export const timestamp = r =>
  `2026-${r.pad(r.int(1, 12))}-${r.pad(r.int(1, 28))}T${r.pad(r.int(0, 23))}:${r.pad(r.int(0, 59))}:${r.pad(r.int(0, 59))}.${r.digits(3)}Z`

/** JSON of a text with marks in it. @param {unknown} value */
export const json = value => JSON.stringify(value)
/** @param {string} marked */
export const percent = marked => around(marked, encodeURIComponent)
/** As a form's body has it: a space is a plus. @param {string} marked */
const form = marked => percent(marked).replaceAll('%20', '+')

/** Key and value. @type {((r: Random, key: string, value: string) => string)[]} */
// biome-ignore format: a list
export const keyed = [
  (r, key, value) => json({ id: r.int(1, 99999), [key]: value, status: 'active' }),
  (r, key, value) => json({ level: 30, time: Number(`17${r.digits(11)}`), req: { id: r.uuid(), body: { [key]: value } }, msg: 'request completed' }),
  (_, key, value) => `{ "${key}" : "${value}" }`,
  (r, key, value) => `${timestamp(r)} INFO [http-nio-8080-exec-${r.int(1, 9)}] c.e.UserService - saved user ${key}=${value} in ${r.int(1, 90)}ms`,
  (r, key, value) => `level=info ts=${timestamp(r)} caller=handler.go:${r.int(20, 400)} msg="profile updated" ${key}="${value}" duration=${r.digits(2)}ms`,
  (_, key, value) => `user:\n  ${key}: ${value}\n  active: true\n`,
  (_, key, value) => `user:\n  ${key}: "${value}"\n  roles: [admin]\n`,
  (_, key, value) => `POST /v1/users HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n${key}=${form(value)}&plan=pro`,
  (r, key, value) => `https://app.example.com/signup?ref=${r.hex(6)}&${key}=${percent(value)}&lang=en`,
  (_, key, value) => `UPDATE users SET ${key.replace(/\W/g, '_')} = '${value}' WHERE id = 42;`,
  (_, key, value) => `SELECT * FROM accounts WHERE ${key.replace(/\W/g, '_')} = '${value}' LIMIT 1`,
  (_, key, value) => `<user><${key.replace(/\W/g, '_')}>${value}</${key.replace(/\W/g, '_')}><plan>pro</plan></user>`,
  (_, key, value) => `const user = { ${key.replace(/\W/g, '_')}: '${value}', plan: 'pro' }`,
  (_, key, value) => `User(id=7, ${key.replace(/\W/g, '_')}='${value}', active=True)`,
  (_, key, value) => `{'${key}': '${value}', 'plan': 'pro'}`,
  (_, key, value) => `map[${key}:${value} plan:pro]`,
  (_, key, value) => `User{${key}=${value}, plan=pro}`,
  (_, key, value) => `<input type="text" name="${key}" value="${value}">`,
  (_, key, value) => `ValidationError: field "${key}" is invalid, got "${value}"\n    at validate (/app/src/users.js:41:11)\n    at async /app/src/routes.js:17:5`,
  (_, key, value) => `query { user(${key.replace(/\W/g, '_')}: "${value}") { id } }`,
  (_, key, value) => `--${key}=${value}`,
  (_, key, value) => `HSET user:42 ${key} "${value}"`,
]

/** The key in a line above the value's: for values that tell themselves. @type {((r: Random, key: string, value: string) => string)[]} */
// biome-ignore format: a list
export const tabled = [
  (r, key, value) => `| id | ${key} | plan |\n|---|---|---|\n| ${r.int(1, 999)} | ${value} | pro |`,
  (r, key, value) => `id,${key},plan\n${r.int(1, 999)},${value},pro\n`,
]

/** The value alone. @type {((r: Random, value: string) => string)[]} */
// biome-ignore format: a list
export const bare = [
  (r, value) => `${timestamp(r)} WARN login failed for ${value} (attempt ${r.int(1, 5)})`,
  (r, value) => `[${timestamp(r)}] notice: ${value} -> queued as ${r.hex(10).toUpperCase()}`,
  (_, value) => `Error: could not process ${value}\n    at Processor.run (/srv/app/dist/processor.js:88:19)\n    at async Queue.next (/srv/app/dist/queue.js:31:7)`,
  (_, value) => `Traceback (most recent call last):\n  File "/app/main.py", line 12, in <module>\n    run()\nValueError: unexpected value: '${value}'`,
  (r, value) => `${r.int(1, 999)},${value},2026-03-01,pro\n`,
  (r, value) => `${r.int(1, 999)}\t${value}\tactive`,
  (_, value) => `[${json(value)},"ok"]`,
  (_, value) => `- ${value}\n- n/a\n`,
  (_, value) => `(${value})`,
  (_, value) => `**${value}**`,
  (_, value) => `"${value}"`,
  (_, value) => value,
  (r, value) => `INSERT INTO contacts VALUES (${r.int(1, 999)}, '${value}', 'pro', NULL);`,
  (_, value) => `GET /search?q=${percent(value)} HTTP/1.1`,
  (_, value) => `| 1 | ${value} | yes |`,
  (_, value) => `Ticket #4821: customer says "${value}" does not work any more, please check.`,
  (_, value) => `ok, got it: ${value}. Anything else?`,
  (_, value) => `user: here you go ${value}\nassistant: Thanks, I have noted that.`,
  (_, value) => `<td>${value}</td><td>pro</td>`,
  (_, value) => `please use ${value}, thanks`,
  (_, value) => `cache miss for profile/${value}`,
]
