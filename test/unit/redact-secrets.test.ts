// Secrets that only what is around them tells: in configuration, code of many languages, commands, statements, documents.
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { body, seeded } from './redact-corpus'

const SECRET = 'hunter2x9'
/** A kind of text, with § where its secret is. */
const masked: Record<string, string[]> = {
  'string of a language': [
    'var password = @"§";',
    'NSString *apiToken = @"§"',
    "password=$'§'",
    'password = """§"""',
    'PASSWORD = (\n    "§"\n)',
    'let password: &str = "§";',
    'const DB_PASSWORD: &\'static str = "§";',
    'Dim password As String = "§"',
    'public string Password { get; set; } = "§";',
    'std::string password{"§"};',
    'password <- "§"',
    "@password ||= '§'",
    '$password .= "§";',
    'password      = "§"',
    "define('DB_PASSWORD', '§');",
    '#define DB_PASSWORD "§"',
    ':db-passphrase "§"',
    'os.getenv("PASSPHRASE", "§")',
    'variable "db_password" {\n  type = string\n  default = "§"\n}',
  ],
  'a part of an expression': [
    "const password = process.env.PASSWORD || '§'",
    'password: process.env.PASSWORD ?? "§",',
    "this.password = isTest ? '§' : undefined",
    '$password = ConvertTo-SecureString "§" -AsPlainText',
    'password = SecretStr("§")',
    "requests.get(url, auth=('bob', '§'))",
    'new NetworkCredential("bob", "§")',
    String.raw`{\"code\":\"HTTPBasicAuth(\\\"bob\\\", \\\"§\\\")\"}`,
  ],
  'below its key': [
    'password: |\n  §\nnext: 1',
    'password: >-\n    §\n',
    'Password:\n§\n',
    'Content-Disposition: form-data; name="password"\r\n\r\n§\r\n--b',
    'apiVersion: v1\nkind: Secret\ndata:\n  .config: §\ntype: Opaque',
    'stringData:\n  # a note\n  a: "§"\n  b: \'§\'\nkind: Secret\n',
    'kind: Secret\ndata:\n  a: |\n    §\n    §\n'.replace('§\n    §', '§'),
  ],
  'named by a field beside it': [
    '{"value":"§","name":"DB_PASSWORD"}',
    '<meta name="csrf-token" content="§">',
    '<key>apiToken</key>\n<string>§</string>',
    '<ns:password xsi:type="xsd:string">§</ns:password>',
    '"headers":{"x-api-key":["§"]}',
  ],
  'on a command line': [
    'mysql -h db -u root -p§ app',
    'sshpass -p § ssh root@h',
    "docker login -u bob -p '§' r.io",
    'redis-cli -h h -a § ping',
    'ldapsearch -x -D cn=a -w § -b dc=x',
    'zip -P § a.zip b',
    'tool -password § -v',
    'app --db-password "§"',
    'aws configure set aws_secret_access_key §',
    'docker run -e DB_PASSWORD=§ img',
    'PGPASSWORD=§ psql -h h',
    'psql "host=h user=u password=§ dbname=d"',
    'ENV API_SECRET §',
    'echo "§" | docker login -u bob --password-stdin',
    "printf '%s' § | sudo -S apt update",
    'echo "root:§" | chpasswd',
    'htpasswd -b .htpasswd bob §',
    'htpasswd -nbB bob §',
    'wpa_passphrase net §',
    String.raw`net use X: \\h\s § /user:bob`,
    'gh secret set API_KEY --body "§"',
  ],
  'in a statement or a connection': [
    "SELECT pgp_sym_encrypt(x, '§')",
    'mysqli_connect("h", "root", "§", "db")',
    'app:§@tcp(db:3306)/main?parseTime=true',
    "CREATE USER a IDENTIFIED WITH some_plugin BY '§'",
    'ALTER USER a IDENTIFIED BY §;',
    'jdbc:oracle:thin:scott/§@h:1521:x',
    'db.example.com:5432:main:app:§\n',
    '//registry.example.com/:_authToken=§',
  ],
  'in a line of its own': [
    'Username  deploy\nPassword  §\n',
    'user,bob\nDB password,§\n',
    'API secret\n§\n',
    'ValidationError: field "clientSecret" is invalid, got "§"\n  at x',
  ],
  'in a sentence': [
    '§ is the database password',
    'le mot de passe est §',
    'login with user deploy and password §.',
    'use the password § to log in',
    'login: bob / §',
    'the password - §',
    'Senha é §',
    'la clave es §',
    '패스워드: §',
    'Authorization: §\nHost: x',
  ],
}

describe('masked', () => {
  for (const [kind, texts] of Object.entries(masked)) {
    it.each(texts)(`${kind}: %s`, text => {
      const after = redact(text.replaceAll('§', SECRET))
      expect(after).toBe(text.replaceAll(/§(?:1aB)?/g, '[REDACTED]'))
      expect(redact(after)).toBe(after)
    })
  }
})

it.each([
  ['curl -u admin:hunter2 https://x.io', 'curl -u [REDACTED] https://x.io'],
  ["curl --user 'admin:hunter2' https://x.io", "curl --user '[REDACTED]' https://x.io"],
  [
    String.raw`{"cmd":"curl -s -u \"admin:hunter2\" https://x.io"}`,
    String.raw`{"cmd":"curl -s -u \"[REDACTED]\" https://x.io"}`,
  ],
  [
    'curl -H "Accept: */*" \\\n  -uadmin:hunter2 \\\n  https://x.io',
    'curl -H "Accept: */*" \\\n  -u[REDACTED] \\\n  https://x.io',
  ],
  ['curl --user key123: https://x.io', 'curl --user [REDACTED] https://x.io'],
  ["curl -u admin:'hunter2' https://x.io", "curl -u admin:'[REDACTED]' https://x.io"],
])('masks user and password: %s', (text, after) => {
  expect(redact(text)).toBe(after)
  expect(redact(after)).toBe(after)
})

/** Characters that look made, put together here so that no scanner of repositories takes them for real. */
const made = (length: number) => body(seeded(length), length)

it.each([
  ['private key 0x§', 'private key [REDACTED]'],
  [
    'export PRIVATE KEY 0x§, address 0x52908400098527886e0f7030069857d2e4169ee7',
    'export PRIVATE KEY [REDACTED], address 0x52908400098527886e0f7030069857d2e4169ee7',
  ],
  ['the wallet private key\n§\n', 'the wallet private key\n[REDACTED]\n'],
  ['privateKey (0x§)', 'privateKey ([REDACTED])'],
  ['private key of the wallet 0x§', 'private key of the wallet [REDACTED]'],
  ['Private key (account 3): §', 'Private key (account 3): [REDACTED]'],
  [
    'private key for 0x52908400098527886e0f7030069857d2e4169ee7:\n0x§',
    'private key for 0x52908400098527886e0f7030069857d2e4169ee7:\n[REDACTED]',
  ],
  ['transaction 0x§ of the public key 0x§', 'transaction 0x§ of the public key 0x§'],
  ['the private key signed the transaction 0x§', 'the private key signed the transaction 0x§'],
])('masks a key in hexadecimal behind the word for it, without a colon: %s', (text, after) => {
  const hex = '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318'
  expect(redact(text.replaceAll('§', hex))).toBe(after.replaceAll('§', hex))
})

it.each([
  ['a hash of a password', `bob:$apr1$${made(8)}$${made(22)}`, 'bob:[SECRET]'],
  ['bcrypt', `$2b$10$${made(53)}`, '[SECRET]'],
  ['1Password', 'A3-ABCDEF-1B2C3D-4E5F6-ABCDE-12345-QWERT', '[SECRET]'],
  ['Asana', `key 2/${'1204'.repeat(4)}/${'5607'.repeat(4)}:${'0a1b2c3d'.repeat(4)}`, 'key [SECRET]'],
  ['Snyk', `snyk_uat.${'0a1b2c3d'}.eyJ${made(60)}.${made(43)}`, '[SECRET]'],
  ['Fly in a URL', `x=FlyV1%20fm2_${made(20)}%2B${made(40)}%2F${made(20)}`, 'x=FlyV1%20[SECRET]'],
  ['the key of a URL', `https://x.io/?key=${made(32)}`, 'https://x.io/?key=[REDACTED]'],
  ['an app of Meta', `123456789012345|${made(27)}`, '[SECRET]'],
  [
    'PuTTY',
    `Private-Lines: 2\n${made(64)}\n${made(20)}=\nPrivate-MAC: ab`,
    'Private-Lines: 2\n[SECRET]\nPrivate-MAC: ab',
  ],
  ['Twilio', `AC${'0a1b2c3d'.repeat(4)}`, '[SECRET]'],
  ['a dump of hexadecimal digits', `AC${'0A1B2C3D'.repeat(8)}`, `AC${'0A1B2C3D'.repeat(8)}`],
])('knows %s', (_kind, text, after) => {
  expect(redact(text)).toBe(after)
})

it('masks what no word of a language is, digits or not', () => {
  for (const value of ['AdnKllTjdntA', 'MyoGUSZfeRgPhASC', 'iIaCmB_+aWsfvz'])
    expect(redact(`app --password ${value} --port 1; set("password", "${value}")`)).not.toContain(value)
})

it.each([
  'the user and password are checked, by user or password then',
  '--- PASS: TestLogin/with_token1 (0.01s)',
  'arn:aws:secretsmanager:us-west-2:123456789012:secret:Prod-a1b2c3',
  '{"AWS::IAM::AccessKey": "48205d4ffd7feba3"}',
  '{"node_modules/cookie": {"version": "0.7.2", "license": "MIT"}, "js.cookie": "js-cookie"}',
  '{"credentials": "same-origin"}',
  'ssh://deploy@example.com/x git+https://bob@github.com/o/r.git',
  'let password: &str, key: &Key, secret = &Block{}, token = req->token',
  'privateKey: testRSA2048PrivateKey, token = lib.hpke.Token2Key',
  'TOKEN_PAT = r"[a-zA-Z0-9]{20}"; PAT = ("ABCDEFGHIJKLMNOP0123456789")',
  'cookie = interact_2965(c, "http://example.com/")',
  'curl -u "$USER:$PASS" https://x.io; curl -u bob https://x.io; sort -u a:b',
  'docker run -p 8080:80 img; mysql -p; tar -p x; grep -P a1b2; mkdir -p a1/b2',
  'leaks identified by the 1st id, a basic OpenSSL library, a user id identified by a name',
  'kind: ConfigMap\ndata:\n  a: b1b2b3\n',
  'at run (main.js:1234:56:7): x\nsrc/a.ts:1204:main:app: hello world',
  'password: |\n\nnext: 1',
  '"authorization": "Bearer " + token',
  'PrivateKey: &brokenKey, l.password = f[i+1], paths: ["users[0].password", "users[1].password"]',
  'Pass(Pass &&Arg) = default;',
  'let b:current_syntax = "passwd"\n\nlet &cpo = s:cpo_save',
  'https://user:password@host http://username:p@ssword@host',
  '{"node_modules/pg-connection-string": {"version": "2.14.1", "integrity": "sha512-qR3kGNPBLpCNtz0evbKA"}}',
  '{"cookie": ["./dist/types/helper/cookie"]}',
  `DIOCSETSYNCOOKIES = 0xc0014462, DB_PASSWORD=\${DB_PASSWORD:?required}`,
  'https://x.io/rows?key=name&sort=key',
  'the login form and password field, password of the user, Password\nForgotten?\n',
  'echo "$PASS" | docker login --password-stdin; wpa_passphrase net; a login / a logout2',
])('passes: %s', text => {
  expect(redact(text)).toBe(text)
})
