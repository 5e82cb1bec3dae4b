// Secrets: keys that are known by their issuer's prefix, and passwords and tokens that are known only by what stands next to them. Two sets
// of the corpus; called by generate.mjs.
import { keys } from '../values/keys.mjs'
import { humanPassword, machineToken } from '../values/passwords.mjs'
import { bare, json, keyed, percent, timestamp } from './containers.mjs'
import { language, said } from './languages.mjs'

/** @typedef {import('../random.mjs').Random} Random */
/** @typedef {import('../generate.mjs').Put} Put */

/** Where a key turns up: with a name, in a header, in a message, alone. @param {Random} r @param {string} value */
export const aboutKey = (r, value) =>
  r.pick([
    () => r.pick(bare)(r, value),
    () => r.pick(keyed)(r, r.pick(['value', 'config', 'data', 'credential', 'apiKey', 'token', 'input']), value),
    () => `export ${r.pick(['SERVICE_API_KEY', 'TOKEN', 'CI_TOKEN', 'X'])}=${value}`,
    () => `Authorization: Bearer ${value}`,
    () => `Incorrect API key provided: ${value}. You can find your API key in the dashboard.`,
    () => `my key is ${value} is that right?`,
    () => `curl -H 'X-Key: ${value}' https://api.example.com/v1/items`,
    () => `client = Client("${value}")`,
    () => `-  const key = '${value}'\n+  const key = process.env.KEY`,
    () => `キーは${value}です。`,
    () => `https://api.example.com/v1/x?key=${value}`,
  ])()

/** Multi-line and URL-shaped secrets keep their own surroundings. @param {Random} r @param {string} value */
const asBlock = (r, value) =>
  r.pick([
    () => value,
    () => `cat key.pem\n${value}\n$ `,
    () => json({ private_key: value, client_id: 'x' }),
    () => json({ messages: json([{ role: 'user', content: `why is this key wrong?\n${value}` }]) }),
    () => `tls.key: |\n${value.replace(/^(?=.)/gm, '  ')}\n`,
  ])()

/** By issuer: a text with its key. @type {Record<string, (r: Random, put: Put) => string>} */
export const prefixed = Object.fromEntries(
  Object.entries(keys).map(([issuer, make]) => [
    issuer,
    /** @param {Random} r @param {Put} put */ (r, put) =>
      (issuer === 'pem' ? asBlock : aboutKey)(r, put(issuer, make(r))),
  ]),
)

/** @param {Random} r */
const any = r => (r.maybe(0.5) ? humanPassword(r) : machineToken(r))
/** @param {Random} r */
const variable = r => r.pick(['DB_PASSWORD', 'REDIS_PASSWORD', 'SMTP_PASS', 'SECRET_KEY', 'JWT_SECRET', 'API_TOKEN', 'POSTGRES_PASSWORD', 'AUTH_TOKEN', 'ENCRYPTION_KEY', 'SESSION_SECRET', 'AWS_SECRET_ACCESS_KEY', 'STRIPE_API_KEY', 'CLIENT_SECRET', 'ADMIN_PWD', 'WEBHOOK_SECRET', 'GITHUB_TOKEN']) // biome-ignore format: a list
/** @param {Random} r */
const field = r => r.pick(['password', 'passwd', 'pwd', 'apiKey', 'api_key', 'clientSecret', 'client_secret', 'access_token', 'accessToken', 'refresh_token', 'secret', 'auth_token', 'privateKey', 'newPassword', 'db.password', 'x-api-key', 'passphrase', 'secret_key', 'sessionToken', 'credential_secret']) // biome-ignore format: a list

/** By form: a text with a secret that its surroundings tell. @type {Record<string, (r: Random, put: Put) => string>} */
export const contextual = {
  environment: (r, put) => r.pick([`${variable(r)}=${put('env', any(r))}`, `export ${variable(r)}="${put('env', any(r))}"`, `ENV ${variable(r)}=${put('env', any(r))}`, `      - ${variable(r)}=${put('env', any(r))}`, `set ${variable(r)}=${put('env', any(r))}`, `$env:${variable(r)} = '${put('env', any(r))}'`, `docker run -e ${variable(r)}=${put('env', any(r))} app:1.2`]), // biome-ignore format: a list
  configuration: (r, put) => r.pick([`${field(r)}: ${put('config', any(r))}\n`, `${field(r)} = "${put('config', any(r))}"`, `spring.datasource.password=${put('config', any(r))}`, `[database]\nhost=db\npassword = ${put('config', any(r))}\n`, `<add key="ApiSecret" value="${put('config', machineToken(r))}" />`, `<password>${put('config', any(r))}</password>`, `  password: '${put('config', any(r))}'\n  host: db`, `//registry.example.com/:_authToken=${put('config', machineToken(r))}`, `resource "x" "y" {\n  master_password = "${put('config', any(r))}"\n}`, `requirepass ${put('config', any(r))}`, `machine api.example.com login deploy password ${put('config', any(r))}`]), // biome-ignore format: a list
  field: (r, put) => r.pick(keyed)(r, field(r), put('field', any(r))),
  json: (r, put) => json({ user: 'app', [field(r)]: put('json', any(r)), retries: 3 }),
  header: (r, put) => r.pick([`X-Api-Key: ${put('header', machineToken(r))}`, `Authorization: Bearer ${put('header', machineToken(r))}`, `Authorization: Basic ${put('header', Buffer.from(`app:${humanPassword(r)}`).toString('base64'))}`, `authorization: Token ${put('header', r.hex(40))}`, `-H "X-Auth-Token: ${put('header', machineToken(r))}"`, json({ headers: { authorization: `Bearer ${put('header', machineToken(r))}`, accept: '*/*' } }), `Proxy-Authorization: Basic ${put('header', `${r.alnum(26)}==`)}`, `x-goog-api-key: ${put('header', machineToken(r))}`, `Api-Key: ${put('header', machineToken(r))}`, `PRIVATE-TOKEN: ${put('header', r.alnum(20))}`]), // biome-ignore format: a list
  cookie: (r, put) => r.pick([`Cookie: theme=dark; sessionid=${put('cookie', machineToken(r))}; lang=de`, `Set-Cookie: sid=${put('cookie', machineToken(r))}; Path=/; HttpOnly; SameSite=Lax`, `cookie: connect.sid=s%3A${put('cookie', r.alnum(32))}`, json({ cookie: `auth=${put('cookie', machineToken(r))}` }), `JSESSIONID=${put('cookie', r.hex(32).toUpperCase())}`]), // biome-ignore format: a list
  url_userinfo: (r, put) => `${r.pick(['postgres', 'postgresql', 'mysql', 'mongodb+srv', 'redis', 'amqp', 'https', 'ftp', 'smtp', 'rediss', 'libsql'])}://${r.pick(['app', 'admin', 'deploy_user'])}:${put('url_userinfo', percent(any(r)))}@${r.pick(['db.internal', 'cluster0.ab1cd.mongodb.net', '10.0.0.7'])}${r.pick([':5432/main', '/app?ssl=true', ''])}`, // biome-ignore format: a list
  url_parameter: (r, put) => `https://${r.pick(['api.example.com/v1/items', 'maps.example.com/geocode'])}?${r.pick(['page=2&', '', 'q=a%20b&'])}${r.pick(['access_token', 'api_key', 'apikey', 'token', 'key', 'client_secret', 'sig', 'X-Amz-Signature', 'signature', 'X-Amz-Security-Token', 'auth', 'code', 'password'])}=${put('url_parameter', machineToken(r))}${r.pick(['', '&lang=en', '#top'])}`, // biome-ignore format: a list
  shared_access: (r, put) =>
    `https://acct${r.digits(3)}.blob.core.windows.net/c/f.pdf?sv=2024-05-04&se=2026-12-01T00%3A00%3A00Z&sr=b&sp=r&sig=${put('shared_access', `${r.alnum(42)}%3D`)}`,
  connection_string: (r, put) => r.pick([`Server=tcp:db.example.net,1433;Database=main;User ID=app;Password=${put('connection_string', any(r))};Encrypt=true;`, `jdbc:postgresql://db:5432/main?user=app&password=${put('connection_string', machineToken(r))}`, `host=db port=5432 user=app password=${put('connection_string', any(r))} dbname=main`, `DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=${put('connection_string', `${r.alnum(86)}==`)};EndpointSuffix=core.windows.net`, `Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=${put('connection_string', `${r.alnum(43)}=`)}`, `app:${put('connection_string', humanPassword(r))}@tcp(db:3306)/main?parseTime=true`]), // biome-ignore format: a list
  command_line: (r, put) => r.pick([`curl -u admin:${put('command_line', any(r))} https://api.example.com/`, `curl --user deploy:${put('command_line', any(r))} https://x.io`, `mysql -u root -p${put('command_line', humanPassword(r))} main`, `mysql --user=root --password=${put('command_line', any(r))}`, `psql "password=${put('command_line', machineToken(r))}"`, `app login --token ${put('command_line', machineToken(r))} --verbose`, `docker login -u app -p ${put('command_line', any(r))} registry.example.com`, `PGPASSWORD=${put('command_line', any(r))} psql -h db`, `redis-cli -a ${put('command_line', any(r))} ping`, `sshpass -p '${put('command_line', any(r))}' ssh deploy@10.0.0.9`, `openssl enc -k ${put('command_line', any(r))}`, `az login --service-principal -u app -p ${put('command_line', machineToken(r))} --tenant x`]), // biome-ignore format: a list
  code: (r, put) => r.pick([`const ${r.pick(['apiKey', 'dbPassword', 'token', 'API_SECRET'])} = '${put('code', any(r))}'`, `password = "${put('code', any(r))}"  # TODO move`, `client = Client(api_key="${put('code', machineToken(r))}", timeout=3)`, `conn = psycopg2.connect(host="db", user="app", password='${put('code', any(r))}')`, `String secret = "${put('code', any(r))}";`, `os.environ["API_TOKEN"] = "${put('code', machineToken(r))}"`, `headers: { 'X-Api-Key': '${put('code', machineToken(r))}' }`, `$config['password'] = '${put('code', any(r))}';`, `signInWithPassword({ email, password: "${put('code', any(r))}" })`, `var token = \`${put('code', machineToken(r))}\`;`, `pass := "${put('code', any(r))}"`]), // biome-ignore format: a list
  statement: (r, put) => r.pick([`CREATE USER app WITH PASSWORD '${put('statement', any(r))}';`, `ALTER USER 'root'@'localhost' IDENTIFIED BY '${put('statement', any(r))}';`, `AUTH ${put('statement', any(r))}`, `AUTH default ${put('statement', any(r))}`, `CONFIG SET requirepass "${put('statement', any(r))}"`, `INSERT INTO users (email, password) VALUES ('x', '${put('statement', any(r))}')`, `UPDATE users SET password='${put('statement', any(r))}' WHERE id=3`, `GRANT ALL ON *.* TO 'app'@'%' IDENTIFIED BY "${put('statement', any(r))}"`]), // biome-ignore format: a list
  sentence: (r, put) => {
    const value = put('sentence', any(r))
    return r.pick([() => said(r, language(r).words, 'password', value), () => said(r, language(r).words, 'password', value), () => `The ${r.pick(['password', 'token', 'API key', 'secret'])} is ${value}`, () => `I reset it, your new password is ${value} , please change it`, () => `user: my password ${value} does not work`, () => `use admin / password: ${value}`, () => `パスワードは「${value}」に変更しました。`, () => `パスワード：${value}`, () => `APIキーは ${value} です`, () => `login with username deploy and password ${value}.`, () => `合言葉は別便で。パスワードは${value}です。`])() // biome-ignore format: a list
  },
  log: (r, put) => r.pick([`${timestamp(r)} DEBUG auth token=${put('log', machineToken(r))} user=7`, `${timestamp(r)} ERROR connect failed: password "${put('log', any(r))}" rejected`, `level=debug msg="retry" api_key=${put('log', machineToken(r))} attempt=2`, `{"level":"debug","secret":"${put('log', any(r))}"}`, `config loaded: {host: 'db', password: '${put('log', any(r))}', port: 5432}`, `env: map[DB_PASSWORD:${put('log', machineToken(r))} HOME:/root]`]), // biome-ignore format: a list
  table: (r, put) => r.pick([`| key | value |\n|---|---|\n| password | ${put('table', any(r))} |`, `user: app\nPassword:\t${put('table', any(r))}\n`, `Username  deploy\nPassword  ${put('table', any(r))}\n`, `<tr><td>Password</td><td>${put('table', any(r))}</td></tr>`]), // biome-ignore format: a list
}
