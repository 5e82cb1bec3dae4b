import { describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { body, seeded } from './redact-corpus'

/** Keys are put together here, so that no scanner of repositories takes them for real ones. */
const key = (prefix: string, length: number) => prefix + body(seeded(length), length)
const JWT = `${key('eyJ', 33)}.${key('eyJ', 40)}.${key('', 43)}`
const PEM = (joint: string) =>
  ['-----BEGIN RSA PRIVATE KEY-----', key('MIIE', 60), key('', 40), '-----END RSA PRIVATE KEY-----'].join(joint)

/** [what it shows, text, text after] */
const masked: Record<string, [string, string][]> = {
  'e-mail': [
    ['mail bob@example.com, please', 'mail [EMAIL], please'],
    ["o'neil+news@mail.example.co.jp.", '[EMAIL].'],
    ['メールはtaro.yamada@example.co.jpです', 'メールは[EMAIL]です'],
    ['<jürgen@bücher.de>', '<[EMAIL]>'],
    ['a@example.com,b@example.com', '[EMAIL],[EMAIL]'],
    ['GET /users?email=bob%40example.com&x=1', 'GET /users?email=[EMAIL]&x=1'],
    ['u=%2Fa%3Fm%3Dbob%2Bx%40example.com', 'u=%2Fa%3Fm%3D[EMAIL]'],
    [String.raw`{"a":"x\nbob@example.com\u0022"}`, String.raw`{"a":"x\n[EMAIL]\u0022"}`],
    ['090-1234-5678@docomo.ne.jp', '[EMAIL]'],
  ],
  card: [
    ['4111111111111111', '[CARD]'],
    ['pay with 4111-1111-1111-1111.', 'pay with [CARD].'],
    ['3782 822463 10005 exp 12/29', '[CARD] exp 12/29'],
    ['/cards/5555555555554444/pay', '/cards/[CARD]/pay'],
    ['card 4222222222222', 'card [CARD]'],
    ['{"card":4111111111111111}', '{"card":"[CARD]"}'],
    [String.raw`{\"cards\": [4111111111111111, 5555555555554444]}`, String.raw`{\"cards\": [\"[CARD]\", \"[CARD]\"]}`],
    [String.raw`\n4111 1111 1111 1111\n`, String.raw`\n[CARD]\n`],
    ['%204111111111111111%20', '%20[CARD]%20'],
  ],
  phone: [
    ['+81 90-1234-5678', '[PHONE]'],
    ['+14155552671, +44 20 7946 0958', '[PHONE], [PHONE]'],
    ['tel%3A%2B819012345678', 'tel%3A[PHONE]'],
    ['(212) 555-0123 or 1-212-555-0123 or 212.555.0123', '[PHONE] or [PHONE] or [PHONE]'],
    ['03-1234-5678', '[PHONE]'],
    ['(03)1234-5678と0120-123-456', '[PHONE]と[PHONE]'],
    ['080ー1234ー5678です', '[PHONE]です'],
    ['09012345678', '[PHONE]'],
    ['tel: 06 12 34 56 78', 'tel: [PHONE]'],
    ['電話番号は0171 2345678', '電話番号は[PHONE]'],
    [String.raw`{\"customerPhone\":\"0612345678\"}`, String.raw`{\"customerPhone\":\"[PHONE]\"}`],
  ],
  'folded text': [
    ['カードは４１１１－１１１１－１１１１－１１１１です', 'カードは[CARD]です'],
    ['連絡先：ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ、以上', '連絡先：[EMAIL]、以上'],
    ['4111\u200b1111\u200b1111\u200b1111\u200b!', '[CARD]!'],
    ['bob\u00ad@exam\u2060ple.com 😀 ｐａｓｓｗｏｒｄ＝ｈｕｎｔｅｒ２２', '[EMAIL] 😀 ｐａｓｓｗｏｒｄ＝[REDACTED]'],
    [
      String.raw`{"a":"\u96fb\u8a71\u306f0171 2345678\u3067\u3059"}`,
      String.raw`{"a":"\u96fb\u8a71\u306f[PHONE]\u3067\u3059"}`,
    ],
    [String.raw`{\"a\":\"bob\\u0040example.com \\u00e9\"}`, String.raw`{\"a\":\"[EMAIL] \\u00e9\"}`],
    ['bob\\uff20example.com', '[EMAIL]'],
    ['q=4111%201111%201111%201111&x=1', 'q=[CARD]&x=1'],
    ['mac=00%3A1b%3A44%3A11%3A3a%3Ab7&x=1', 'mac=[MAC]&x=1'],
    ['tel=%EF%BC%90%EF%BC%93-1234-5678&x=1', 'tel=[PHONE]&x=1'],
    ['bob&#64;example.com, carol&#x40;example.com', '[EMAIL], [EMAIL]'],
    ['<a href="tel:&#43;44 20 7946 0958">', '<a href="tel:[PHONE]">'],
    [String.raw`{"tel":"\u002B14155552671"}`, '{"tel":"[PHONE]"}'],
  ],
  'provider key': [
    [`key ${key('sk-proj-', 40)}.`, 'key [SECRET].'],
    [`Incorrect API key provided: ${key('sk-', 48)}`, 'Incorrect API key provided: [SECRET]'],
    [key('sk-ant-api03-', 90), '[SECRET]'],
    [`a=${key('AIza', 35)}&b`, 'a=[SECRET]&b'],
    ['AKIAIOSFODNN7EXAMPLE', '[SECRET]'],
    [String.raw`\n${key('ghp_', 36)}\n`, String.raw`\n[SECRET]\n`],
    [`"${key('ghp_', 20)}`, '"[SECRET]'],
    [`${key('SG.', 22)}.${key('', 43)}`, '[SECRET]'],
  ],
  token: [
    [JWT, '[JWT]'],
    [`id ${JWT.split('.').slice(0, 2).join('.')}`, 'id [JWT]'],
    ['-H bearer abc.def-123', '-H bearer [SECRET]'],
    ['Basic dXNlcjpwYXNzd29yZA==', 'Basic [SECRET]'],
  ],
  'private key': [
    [`a\n${PEM('\n')}\nb`, 'a\n[SECRET]\nb'],
    [`{"k":"${PEM('\\n')}\\n"}`, '{"k":"[SECRET]\\n"}'],
    [`{\\"k\\":\\"${PEM('\\\\n').slice(0, 90)}\\"}`, '{\\"k\\":\\"[SECRET]\\"}'],
  ],
  url: [
    ['postgres://app:p@ss@db.example.com:5432/x', 'postgres://[REDACTED]@db.example.com:5432/x'],
    ['redis://:ab/c?d@cache:6379/0', 'redis://[REDACTED]@cache:6379/0'],
    ['https://token123@example.com/x', 'https://[REDACTED]@example.com/x'],
    ['https://x.io/cb?code=abc123def&state=1', 'https://x.io/cb?code=[REDACTED]&state=1'],
    ['/cb?a=1&amp;access_token=x#top', '/cb?a=1&amp;access_token=[REDACTED]#top'],
    [String.raw`/cb?a=1\u0026token=abc`, String.raw`/cb?a=1\u0026token=[REDACTED]`],
    ['https://b.io/#id_token=abc', 'https://b.io/#id_token=[REDACTED]'],
    [
      'https://b.blob.core.windows.net/x?sv=2024&sig=aB3%2Fd%3D',
      'https://b.blob.core.windows.net/x?sv=2024&sig=[REDACTED]',
    ],
    ['/go?to=https%3A%2F%2Fx.io%3Ftoken%3Dabc%26n%3D1', '/go?to=https%3A%2F%2Fx.io%3Ftoken%3D[REDACTED]%26n%3D1'],
  ],
  'secret by key': [
    ['OPENAI_API_KEY=abc123def', 'OPENAI_API_KEY=[REDACTED]'],
    ['DB_PASSWORD=s3cr3t!,x', 'DB_PASSWORD=[REDACTED]'],
    ["db.connect({ user: 'app', password: 'hunter' })", "db.connect({ user: 'app', password: '[REDACTED]' })"],
    ['password: swordfish, user: bob', 'password: [REDACTED], user: bob'],
    ['API key = "a b c"', 'API key = "[REDACTED]"'],
    ["{'password': b'abc'}", "{'password': b'[REDACTED]'}"],
    [':password => "abc"', ':password => "[REDACTED]"'],
    ['Server=db;Uid=app;Pwd=abc1;Database=x', 'Server=db;Uid=app;Pwd=[REDACTED];Database=x'],
    ['X-Api-Key: 0a1b2c3d', 'X-Api-Key: [REDACTED]'],
    ['Authorization: Bearer abc\r\nHost: x', 'Authorization: [REDACTED]\r\nHost: x'],
    ['Cookie: sid=abc; theme=dark\nHost: x', 'Cookie: [REDACTED]\nHost: x'],
    ["curl -H 'Cookie: a=b; c=d' -H 'Accept: */*'", "curl -H 'Cookie: [REDACTED]' -H 'Accept: */*'"],
    ['authorization: Digest username="bob", response="0a1b"', 'authorization: [REDACTED]'],
    ['headers["authorization"] = "Token x"', 'headers["authorization"] = "[REDACTED]"'],
    [
      'app --password hunter2 --client-secret "abc123" run',
      'app --password [REDACTED] --client-secret "[REDACTED]" run',
    ],
    ['パスワード：hunter22', 'パスワード：[REDACTED]'],
    ['{"password2":"x","pin":1234}', '{"password2":"[REDACTED]","pin":"[REDACTED]"}'],
    ['{"db_password":123456,"token":5}', '{"db_password":"[REDACTED]","token":5}'],
  ],
  'secret by key, further from its value': [
    ['let password: string = "hunter2"', 'let password: string = "[REDACTED]"'],
    ['ENV_TOKEN ?= abc123def', 'ENV_TOKEN ?= [REDACTED]'],
    ['password := `hunter2`', 'password := `[REDACTED]`'],
    ['API_KEY_PROD=abc123def', 'API_KEY_PROD=[REDACTED]'],
    ['cohere_key: 0a1b2c3d4e', 'cohere_key: [REDACTED]'],
    ['**Password:** hunter2', '**Password:** [REDACTED]'],
    ['**Password**: hunter2', '**Password**: [REDACTED]'],
    ['Password (temporary): hunter2', 'Password (temporary): [REDACTED]'],
    ['{"name":"DB_PASSWORD","value":"hunter2"}', '{"name":"DB_PASSWORD","value":"[REDACTED]"}'],
    ['- name: DB_PASSWORD\n  value: hunter2', '- name: DB_PASSWORD\n  value: [REDACTED]'],
    ['<add key="DbPassword" value="hunter2" />', '<add key="DbPassword" value="[REDACTED]" />'],
    ['<db:password>hunter2</db:password>', '<db:password>[REDACTED]</db:password>'],
    ['<apiToken>\n  abc123def\n</apiToken>', '<apiToken>\n  [REDACTED]\n</apiToken>'],
    ['<string name="api_key">abc123</string>', '<string name="api_key">[REDACTED]</string>'],
    ['Passwort: geheim99 und mot de passe : s3same', 'Passwort: [REDACTED] und mot de passe : [REDACTED]'],
    ['Пароль: qwerty12, şifre: abc123', 'Пароль: [REDACTED], şifre: [REDACTED]'],
    ['비밀번호: qwerty12 密码：qwerty12', '비밀번호: [REDACTED] 密码：[REDACTED]'],
  ],
  'secret in a sentence or statement': [
    ['The password for bob is hunter2.', 'The password for bob is [REDACTED].'],
    ['your new password is "swordfish"', 'your new password is "[REDACTED]"'],
    [String.raw`{"a":"API key is \"abc123def4\""}`, String.raw`{"a":"API key is \"[REDACTED]\""}`],
    ['the token was a1b2c3d4e5f6, the secret: x', 'the token was [REDACTED], the secret: x'],
    ['password set to Tr0ub4dor&3', 'password set to [REDACTED]'],
    ['Das Passwort lautet geheim99', 'Das Passwort lautet [REDACTED]'],
    ['la contraseña es clave123', 'la contraseña es [REDACTED]'],
    ['| password | hunter2 |', '| password | [REDACTED] |'],
    ['パスワードはhunter2です', 'パスワードは[REDACTED]です'],
    ['パスワードは「hunter2」です', 'パスワードは「[REDACTED]」です'],
    ['密码是qwerty12', '密码是[REDACTED]'],
    ["CREATE USER bob IDENTIFIED BY 'swordfish'", "CREATE USER bob IDENTIFIED BY '[REDACTED]'"],
    ["ALTER ROLE bob WITH PASSWORD 'swordfish'", "ALTER ROLE bob WITH PASSWORD '[REDACTED]'"],
    ['client.setPassword("hunter2")', 'client.setPassword("[REDACTED]")'],
    ['set("db.password", "a1b2c3d4")', 'set("db.password", "[REDACTED]")'],
    ['machine x.io login bob password swordfish', 'machine x.io login bob password [REDACTED]'],
    ['AUTH swordfish', 'AUTH [REDACTED]'],
    [
      String.raw`{"a":"x\nAUTH swordfish\nPassword:\thunter22\n"}`,
      String.raw`{"a":"x\nAUTH [REDACTED]\nPassword:\t[REDACTED]\n"}`,
    ],
    [
      'port 6379\nrequirepass swordfish\nmasterauth herring\n',
      'port 6379\nrequirepass [REDACTED]\nmasterauth [REDACTED]\n',
    ],
    ['CONFIG SET requirepass "swordfish"', 'CONFIG SET requirepass "[REDACTED]"'],
    ['<tr><td>Password:</td><td>hunter22</td></tr>', '<tr><td>Password:</td><td>[REDACTED]</td></tr>'],
    ['HELLO 3 AUTH bob swordfish', 'HELLO 3 AUTH bob [REDACTED]'],
    ['ACL SETUSER bob on >swordfish ~* +@all', 'ACL SETUSER bob on >[REDACTED] ~* +@all'],
  ],
  webhook: [
    [`https://hooks.slack.com/services/T0AB12CD3/B0AB12CD3/${key('', 24)}`, 'https://[SECRET]'],
    [`"https://discord.com/api/webhooks/112233445566778899/${key('', 68)}"`, '"https://[SECRET]"'],
  ],
  'JSON at any depth': [
    ['{"password":"a\\"b","c":"d"}', '{"password":"[REDACTED]","c":"d"}'],
    ['{"password":"ends with \\\\","c":"d"}', '{"password":"[REDACTED]","c":"d"}'],
    [String.raw`{\"authorization\": \"Bearer x\",\"c\":1}`, String.raw`{\"authorization\": \"[REDACTED]\",\"c\":1}`],
    [String.raw`{\"password\":\"a\\\"b\\\\\",\"c\":1}`, String.raw`{\"password\":\"[REDACTED]\",\"c\":1}`],
    [
      String.raw`{\\\"apiKey\\\":\\\"x\\\\ny\\\",\\\"c\\\":1}`,
      String.raw`{\\\"apiKey\\\":\\\"[REDACTED]\\\",\\\"c\\\":1}`,
    ],
    [
      String.raw`{\\\\\\\"secret\\\\\\\":\\\\\\\"x\\\\\\\"}`,
      String.raw`{\\\\\\\"secret\\\\\\\":\\\\\\\"[REDACTED]\\\\\\\"}`,
    ],
    ['{"a":1,"password":"cut o', '{"a":1,"password":"[REDACTED]'],
    [String.raw`"{\"password\":\"cut","b":1}`, String.raw`"{\"password\":\"[REDACTED]","b":1}`],
    ['{"set-cookie":["a=b; Path=/","c=d"],"x":["y"]}', '{"set-cookie":["[REDACTED]","[REDACTED]"],"x":["y"]}'],
    [
      '{"credentials":{"user":"bob","n":[1,{"k":"v"}]},"x":"y"}',
      '{"credentials":{"user":"[REDACTED]","n":[1,{"k":"[REDACTED]"}]},"x":"y"}',
    ],
    ['{"secrets":{"secret":["cut', '{"secrets":{"secret":["[REDACTED]'],
  ],
}

describe('masked', () => {
  for (const [kind, rows] of Object.entries(masked)) {
    it.each(rows)(`${kind}: %s`, (text, after) => {
      expect(redact(text)).toBe(after)
      expect(redact(after)).toBe(after)
    })
  }
})

it.each([
  'git@github.com:owner/repository.git',
  'ssh://git@github.com/owner/repository',
  'logo@2x.png react@18.2.0 pkg@1.2.3.tgz user@localhost',
  'https://example.com:8080/@scope/pkg/user@2',
  '4111111111111112',
  '4111 1111-1111 1111',
  '1234567890123456',
  '4222222222222',
  '0.4111111111111111',
  '550e8400-e29b-41d4-a716-446655440000',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '1700000000000 1700000000000000000 2024-01-02T03:04:05.678+09:00',
  'gpt-4o-2024-08-06 claude-sonnet-4-5-20250929 gemini-2.0-flash-001 v1.2.3+20240102',
  'order 123-4567890-1234567, ticket 20240102-0001',
  'GMT+0900 (Japan Standard Time) C++11',
  '127.0.0.1:8080 10.255.255.254 [::1]:443',
  '35.681236,139.767125 +35.681236 -0.123456789',
  'hotel 1234567, cancelled 12345678',
  'sk-learn-contrib-extras task-sk-1 hf_transfer npm_config_registry',
  'eyJhIjoxfQ',
  'Bearer authentication, basic information, Basic LinkedIn',
  'process.env.API_KEY api_key=process.env.API_KEY password=os.environ["PW"]',
  'password=$' + '{PW} password=$PW token: {{ token }} secret=<your secret> password=******** api_key=your-api-key',
  'WHERE password = $1 AND token = ? AND secret = :secret AND pwd = @pwd AND a = %s',
  'password: string; token?: Token; secret: Buffer, apiKey: Uint8Array) {',
  'if (password == other || token === undefined) secret = getSecret("x")',
  "console.log('password:', x); `Cookie:` header",
  'Password: must be at least 8 characters',
  'authorization: the process of giving access',
  '{"token":"Hello","logprob":-0.1,"top_logprobs":[{"token":" 2024"}]}',
  '{"usage":{"prompt_tokens":12345678,"total_tokens":87654321},"max_tokens":4096}',
  '{"properties":{"password":{"type":"string","description":"a secret"}},"required":["password"]}',
  '{"forgotPassword":"Forgot your password?","password":null,"secret":true,"cookie":""}',
  'https://x.io/a?country_code=123456&status_code=200&code=US&page=2',
  'PWD=/home/app PASSWORD_FILE=/run/secrets/db private_key: /etc/ssl/key.pem',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
  '{"name":"user","value":"hunter2"} "cookie": "^0.7.1", "pbkdf2-password": "1.2.1"',
  "secret: 'denied' | 'always'; TOKEN: 'SOME_TOKEN' password: auth[1], ok ? VALUE_PASS : VALUE_FAIL",
  'https://ada:$' + '{password.value}@example.com <Password>{x}</Password> Promise<Token> { a < b }',
  'The password is incorrect. Your token is invalid, the key is missing and the secret is base64 encoded.',
  'getSecret("prod-db-1") secret "db-credentials" not found, key "user_id", the token is gpt-4o-mini',
  'パスワードは必須です。パスワードは8文字以上、トークンはJWT形式です',
  'the requirepass directive, requirepass is set; <td>Password</td><td>required</td>',
  'AUTH failed for user bob; AUTH LOGIN; the next word | string | password | varchar(255) |',
  'compass=1234567 encode=abc12345 bypass: yes1234',
  '[EMAIL] [CARD] [PHONE] [SECRET] [JWT] [REDACTED] password=[REDACTED] https://[REDACTED]@x.io',
])('passes: %s', text => {
  expect(redact(text)).toBe(text)
})

describe('a text over the budget', () => {
  const BUDGET = 256 * 1024

  it.each([1, 100, 479, 480, 481, 5_000])('keeps its head and loses its tail, by %s characters', over => {
    const text = `bob@example.com ${'x'.repeat(BUDGET + over - 34)} carol@example.com`
    expect(text).toHaveLength(BUDGET + over)
    const redacted = redact(text)
    expect(redacted.length).toBeLessThanOrEqual(BUDGET)
    expect(redacted).toMatch(/^\[EMAIL\] x+\[TRUNCATED \d+ chars\]$/)
    expect(redact(redacted)).toBe(redacted)
  })

  it('never lets the beginning of a value through at the cut', () => {
    const value = 'carol.anderson@example.com'
    for (let shift = 0; shift <= value.length; shift++) {
      const redacted = redact(`${' '.repeat(BUDGET - 32 - shift)}${value}${' x'.repeat(1000)}`)
      expect(redacted).not.toContain('carol')
    }
  })

  it('is scanned whole up to the budget', () => {
    expect(redact(`${' '.repeat(BUDGET - 15)}bob@example.com`)).toMatch(/ \[EMAIL\]$/)
  })
})
