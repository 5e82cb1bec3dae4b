// Values that README, SECURITY.md and docs/redaction.md promise never to let out, each in a text that says what it is: keys of issuers in
// what quotes them, passwords as languages and tools write them, personal data beside its word, names behind labels, and what hides a value.
import { body, pick, type Random } from '../unit/redact-corpus'

export interface Promised {
  readonly kind: string
  readonly text: string
  /** What must not be found again. Of a key the prefix may stay. */
  readonly value: string
}

const HEX = '0123456789abcdef'
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Of each issuer what a key begins with, and the rest: how many characters of which kind. */
const issuers: Record<string, readonly [prefix: string, count: number, alphabet?: string]> = {
  openai: ['sk-proj-', 74], anthropic: ['sk-ant-api03-', 95], openrouter: ['sk-or-v1-', 64, HEX], google: ['AIzaSy', 33], groq: ['gsk_', 52], xai: ['xai-', 80],
  huggingFace: ['hf_', 34], replicate: ['r8_', 37], perplexity: ['pplx-', 48], nvidia: ['nvapi-', 64], langsmith: ['lsv2_pt_', 43, HEX], github: ['ghp_', 36], githubFine: ['github_pat_', 82],
  gitlab: ['glpat-', 20], stripe: ['sk_live_', 99], stripeHook: ['whsec_', 32], aws: ['AKIA', 16, CAPITALS], npm: ['npm_', 36], digitalOcean: ['dop_v1_', 64, HEX], shopify: ['shpat_', 32, HEX],
  linear: ['lin_api_', 40], notion: ['ntn_', 46], figma: ['figd_', 40], databricks: ['dapi', 32, HEX], doppler: ['dp.pt.', 43], vault: ['hvs.', 95], pulumi: ['pul-', 40, HEX], docker: ['dckr_pat_', 27],
  atlassian: ['ATATT3xFfGF0', 170], googleOauth: ['GOCSPX-', 28], tavily: ['tvly-dev-', 32], cerebras: ['csk-', 48, HEX],
} // biome-ignore format: a table

const quoting: Record<string, (key: string) => string> = {
  sentence: key => `upstream said ${key} is wrong`,
  json: key => JSON.stringify({ a: { note: key } }),
  'json in json in json': key => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: key }) }) }),
  url: key => `https://h.example/x?x=${encodeURIComponent(key)}&y=1`,
  stack: key => `Error: bad ${key}\n    at f (/app/x.js:1:1)`,
  environment: key => `PATH=/bin\nX_THING=${key}\nHOME=/root`,
  markdown: key => `Use \`${key}\` here`,
  html: key => `<p>${key}</p>`,
  path: key => `C:\\x\\${key}`,
}

/** § is the password. */
const passwords = [
  '{"user":"x","password":"§"}', "{'password': '§'}", 'db:\n  password: §\n  port: 1', '[db]\npassword = "§"', 'password=§', '<password>§</password>', '<user password="§"/>', 'postgres://bob:§@db:5432/x',
  'redis://:§@h:1', 'https://h/?password=§&x=1', 'X-Api-Key: §', 'app --password § --x', 'app --db-password=§', 'mysqldump -uroot -p§ db', 'curl -u bob:§ https://h', 'DB_PASSWORD=§', 'export AWS_SECRET_ACCESS_KEY="§"',
  "'password' => '§'", 'map[password:§ user:x]', '{User:x Password:§}', 'User(name=x, password=§)', '{:password=>"§"}', "Config(api_key='§')", "ALTER USER x PASSWORD '§'", 'mutation { login(email: "x", password: "§") { id } }',
  '--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n§\r\n--x--', 'user=x&password=§&y=1', 'Cookie: sid=§; a=b', 'Set-Cookie: session=§; Path=/', 'Server=h;Database=d;User Id=u;Password=§;', 'jdbc:mysql://h/d?user=u&password=§',
  'smtps://u:§@h:465', '//registry.example/:_authToken=§', 'machine h login bob password §', 'PGPASSWORD=§ psql', '"{\\"password\\":\\"§\\"}"', 'next=%2Flogin%3Fpassword%3D§%26x', '| user | password |\n|---|---|\n| bob | § |',
  'login failed password: §', 'Passwort: §', 'mot de passe : §', 'contraseña: §', "parola d'ordine: §", 'パスワード: §', '비밀번호: §', '密码：§', 'пароль: §', 'senha: §', 'wachtwoord: §', 'hasło: §', 'parola: §', 'lösenord: §', 'the password is §',
  'docker run -e MYSQL_ROOT_PASSWORD=§ mysql', 'kubectl create secret generic a --from-literal=password=§', 'helm install --set auth.password=§ x', 'redis-cli -a § ping', "sshpass -p '§' ssh h", '[{"name":"password","value":"§"}]',
  '{"key":"api_key","value":"§"}', '["authorization","Bearer §"]', '["Host","h","X-Api-Key","§"]', '{"headers":[{"name":"Authorization","value":"Bearer §"}]}', 'security answer: §', 'requirepass §', 'ACL SETUSER bob on >§ ~*',
] // biome-ignore format: a table

/** Made up, as each country writes them. */
const personal = {
  'call': '(650) 253-0143', 'Tel': '+49 170 1234561', 'tél :': '06 12 34 56 83', '電話': '090-1234-5687', 'Phone:': '+44 20 7946 0961', 'telefone:': '+55 11 91234-5690', '전화:': '010-1234-5691', 'teléfono:': '+34 612 34 56 92', 'card': '4242 4242 4242 4242',
  'cc': '5105-1051-0510-5100', 'amex': '371449635398431', 'IBAN': 'GB82WEST12345698765432', 'SSN:': '219-09-9999', 'CPF': '111.444.777-35', 'DNI': '87654321X', 'PESEL': '02070803628', 'passport number:': 'L01X00T48', 'Date of birth:': '1991-08-23', 'from': '93.184.216.35',
  'mac': '3c:22:fb:1a:2b:4d',
} // biome-ignore format: a table

/** Given names that stand in no list of ours, so that the label alone can tell. */
const names = {
  'Customer name:': 'Zelmira Quackenfeld', 'Nom :': 'Zéphirine Quatremer', 'Nombre:': 'Zósimo Zubizarreta', 'Nome:': 'Zenobio Bevilotti', 'Nome: ': 'Zuleide Figueirinha', '氏名：': '佐々木弥太郎', '姓名：': '欧阳建国', '이름:': '황보선우', 'Naam:': 'Zweder Hoogstraten',
  'Imię i nazwisko:': 'Zdobysław Brzęczykowski', 'Имя:': 'Зосима Щербинин', 'Ad Soyad:': 'Zühtü Öztürkmen', 'Namn:': 'Zebedeus Öhrnberg', 'Navn:': 'Zakarias Øverbø', 'الاسم:': 'زهراء القحطاني', 'Dear': 'Mr. Zebadiah Quimbly', 'Best regards,\n': 'Zerelda Quillworth',
} // biome-ignore format: a table

const addresses = ['743 Evergreen Terrace, Springfield, IL 62704', '222B Baker Street, London NW1 6XE', 'Musterstraße 14, 80331 München', '14 rue de la Paix, 75002 Paris', '東京都港区芝公園4-2-9', 'Calle Mayor 15, 28013 Madrid'] // biome-ignore format: a list

const each = (text: string, write: (char: string) => string) => [...text].map(write).join('')
const code = (char: string) => char.charCodeAt(0)
const hiding: Record<string, (text: string) => string> = {
  base64: text => Buffer.from(text).toString('base64'),
  base64url: text => Buffer.from(text).toString('base64url'),
  'data URL': text => `data:text/plain;base64,${Buffer.from(text).toString('base64')}`,
  'percent signs': text => each(text, char => `%${code(char).toString(16)}`),
  escapes: text => each(text, char => `\\u${code(char).toString(16).padStart(4, '0')}`),
  entities: text => each(text, char => `&#${code(char)};`),
}

export function promised(random: Random): Promised[] {
  const made: Promised[] = []
  const password = () => `Hu${body(random, 12)}`
  const mail = () => `${body(random, 8, 'abcdefghijklmnop')}.person@corp-example.com`
  const key = ([prefix, count, alphabet]: readonly [string, number, string?]) => {
    const rest = body(random, count, alphabet).replace(/..$/, alphabet === undefined ? '7x' : alphabet.slice(-2))
    return { whole: prefix + rest, rest: rest.slice(-18) }
  }
  for (const [name, form] of Object.entries(issuers))
    for (const [where, quote] of Object.entries(quoting)) {
      const { whole, rest } = key(form)
      made.push({ kind: `key of ${name} in a ${where}`, text: quote(whole), value: rest })
    }
  for (const form of passwords) {
    const value = password()
    made.push({ kind: form, text: form.replace('§', () => value), value })
  }
  for (const [word, value] of Object.entries(personal))
    made.push({ kind: word, text: `${word} ${value} please`, value })
  for (const [label, value] of Object.entries(names))
    made.push({ kind: label, text: `${label} ${value}`, value: value.split(' ').at(-1)! })
  for (const value of addresses) made.push({ kind: 'address', text: `Address: ${value}`, value: value.slice(0, 14) })
  for (const text of ['write bob', 'Kontakt:', '<a href="mailto:', 'Bob <']) {
    const value = mail()
    made.push({ kind: `e-mail behind ${text}`, text: `${text} ${value}> please`, value })
  }
  for (const [how, hide] of Object.entries(hiding))
    for (const value of [mail(), key(pick(random, [issuers.anthropic!, issuers.github!])).whole])
      made.push({ kind: `by ${how}: ${value}`, text: `body ${hide(value)} end`, value: hide(value) })
  return made
}
