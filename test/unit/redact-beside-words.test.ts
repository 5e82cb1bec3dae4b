// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts have them
// What only the words around it tell: codes for a login, phrases of a wallet, addresses spelled against harvesters, postal
// codes in a sentence. Each leaves in many wordings, and what looks like it stays.
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'

/** Values in «…» have to leave; a text without any has to stay as it is. */
function expectRedacted(marked: string): void {
  const text = marked.replace(/[«»]/g, '')
  const values = [...marked.matchAll(/«([^»]*)»/g)].map(([, value]) => value!)
  const left = redact(text)
  if (values.length === 0) expect(left).toBe(text)
  for (const value of values) expect(left).not.toContain(value.slice(0, Math.ceil(value.length * 0.6)))
}

describe('an address in a script without capitals', () => {
  it.each([
    '«用户@例子.广告» 请回复',
    'メール：«山田@例え.jp»',
    '«田中@example.co.jp»までご連絡ください',
    'メールアドレスは«田中太郎@例え.テスト»です',
    '«अजय@डाटा.भारत» को लिखें',
    'אימייל «שלום@דוגמה.ישראל»',
    'البريد «محمد@مثال.مصر»',
    '이메일 «홍길동@회사.한국»',
    'письмо на «иван.петров@яндекс.рф»',
    'contact: «δοκιμή@παράδειγμα.ελ»',
    'Mail an «müller@bücher.example.de» bitte',
    '«john(comment)@example.com»',
    '写真@東京。明日は晴れ',
    'まとめ@ウィキ。詳しくは',
  ])('%s', expectRedacted)
})

describe('an address that is spelled', () => {
  it.each([
    '«bob [at] example [dot] com»',
    'a [at] b.com and «carol [at] example [dot] org», «dave (at) foo.net»',
    '«bob AT example DOT com» is my mail',
    'write to «alice dot smith at gmail dot com»',
    'my email is «alice at example dot com»',
    'email «bob_at_example.com»',
    '«bob <at> example <dot> com»',
    '«bob [ät] example.de»',
    '«alice -at- example -dot- org»',
    'contact «jane@example [dot] com»',
    'reach me: «jane.doe [@] example.com»',
    '«jane.doe @ example.com»',
    '«taro★example.jp» (★を@に)',
    '«taro[アット]example.jp»',
    '«taro_atmark_example.jp»',
    '«bob arroba ejemplo punto es» es mi correo',
    '«bob arobase exemple point fr»',
    '«bob chiocciola esempio punto it»',
    'mail «bob ät beispiel punkt de»',
    'x = a @ b.T + c @ d.shape',
    'meet at noon [at] the office.',
    'see created_at_index.sql and look-at-me.com',
    'npm install foo @ latest',
    'the price @ $5.00 each',
  ])('%s', expectRedacted)
})

describe('a code for a login', () => {
  it.each([
    '«482913» is your verification code',
    'G-«482913» is your Google verification code',
    'Your code: «482913»',
    'Use code «482913» to sign in',
    'Enter «482913» to log in',
    'Your PIN is «4821»',
    'OTP for your order at Acme is «482913»',
    'セキュリティコード：«123»',
    '您的验证码是«482913»',
    '验证码：«482913»，请勿泄露',
    '인증번호는 «482913» 입니다',
    'Ihr Code ist «482913»',
    'TAN: «482913»',
    'Votre code est «482913»',
    'Je verificatiecode is «482913»',
    'Din verifieringskod är «482913»',
    'Ваш код подтверждения: «482913»',
    'Код «482913» никому не сообщайте',
    'Twój kod weryfikacyjny to «482913»',
    'Doğrulama kodunuz: «482913»',
    'Mã xác thực của bạn là «482913»',
    'Kode verifikasi Anda «482913»',
    'รหัส OTP ของคุณคือ «482913»',
    'رمز التحقق الخاص بك هو «482913»',
    'קוד האימות שלך הוא «482913»',
    'आपका ओटीपी «482913» है',
    'Ο κωδικός επαλήθευσης είναι «482913»',
    'Váš ověřovací kód je «482913»',
    'Az ellenőrző kód: «482913»',
    'Codul de verificare este «482913»',
    '{"verification_code": «482913»}',
    'your area code is 415123',
    'error code 482913',
    'order 482913 is your latest',
    'your project code is 482913',
    'took 4829 to complete',
    'os.WriteFile(privateKey), 0666)',
  ])('%s', expectRedacted)
})

const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
describe('what restores an account or a wallet', () => {
  it.each([
    `My wallet's 12 words are «${phrase}»`,
    `Here is my seed: «${phrase}»`,
    `seed words: «1. ${phrase.replaceAll(' ', ' 2. ')}»`,
    `助记词：«${phrase}»`,
    `니모닉: «${phrase}»`,
    'backup codes:\n«12345678»\n«87654321»',
    'recovery key «ABCD-EFGH-IJKL-MNOP-QRST-UVWX»',
    'Your recovery code is «K7DPQ2MX»',
    'the seed is sown in spring when the soil has become warm enough for it to grow',
  ])('%s', expectRedacted)
})

describe('a postal code beside its word', () => {
  it.each([
    '郵便番号は「«1500041»」です',
    '郵便番号（«150-0041»）',
    '郵便番号 «150-0041»',
    '〒«150-0041»',
    '〒 «1500041»',
    'postcode «SW1A 1AA»',
    'postcode «1012 AB»',
    'PLZ «80331»',
    'code postal «75008»',
    'CEP «01310-100»',
    '邮编 «100080»',
    '우편번호 «04524»',
    'kod pocztowy «00-950»',
    'PSČ «110 00»',
    'रंग पिनकोड «110001»',
    'мой индекс «101000»',
    'PLZ 2024 neu geordnet',
    'cap: 10000',
  ])('%s', expectRedacted)
})

describe('a number that is dictated', () => {
  it.each([
    'call me at «4 1 5 5 5 5 2 6 7 1»',
    'call me on «07 70 09 00 12 3»',
    'my number is «4 1 5, 5 5 5, 2 6 7 1»',
    'card «4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1»',
    'call me on «450 0840» please',
    'any message on my registered «668 5702». Could you',
    'call 450 0840 functions',
    'the service answered 450 0840 times',
    'call 1 2 3 4 5 6 7 8 9',
    'row: 4 1 5 5 5 5 2 6 7 1',
  ])('%s', expectRedacted)
})

describe('the password of a connection', () => {
  it.each([
    'jdbc:sqlserver://h;user=sa;password={«a;b}}c1»};x=1',
    'jdbc:sqlserver://h:1433;user=sa;password=«P@ss1»;encrypt=true',
    'Driver={PostgreSQL};Server=x;Uid=u;Pwd={«a;b;c1»};',
    'DATABASE_URL=postgres%3A%2F%2Fuser%3A«hunter2»%40host%2Fdb',
    'u/«pass1»@h:1521/svc',
    'sqlplus -s scott/«tiger1»@orcl',
    'src/index.ts@v1 and packages/core@1.2.3:80',
    'type A = {password: string}; type B = {secret: {a: 1}}',
  ])('%s', expectRedacted)
})

describe('a name in kana behind its label', () => {
  it.each([
    '患者名 «サトウ ハナコ» 様',
    '口座名義人　«ヤマダ　タロウ»',
    '{"姓カナ":"«ヤマダ»","名カナ":"«タロウ»"}',
    'ファイル名 テスト データ',
    '利用者 ログイン ユーザー',
  ])('%s', expectRedacted)
})

describe('signs inside of the local part', () => {
  it.each([
    '«MariaAlice~Braga49@live.com»',
    'user «Aleen_Mayer*Howell@gmail.com» logged in',
    '**«bob@example.com»**',
    'id=1#«bob@example.com»',
  ])('%s', expectRedacted)
})

describe('a literal that code compares with, and what is no literal', () => {
  it.each([
    'if (apiKey === "«aB3xk9Lm2Qp8»") {',
    'if ("«aB3xk9Lm2Qp8»" == my_password) {',
    "while (req.headers.token !== '«aB3xk9Lm2Qp8»')",
    'apikey = "«m{{h}o)p${e]nob(ody[finds>-_$#thisone}}»"',
    'if (password !== "password") {',
    'if (type == "password") return',
    'x = "${process.env.PASSWORD}"',
    'password: ${{ secrets.DB_PASSWORD }}',
    'password: "{{ vault_password | default(0) }}"',
    'password={{ .Values.password }}',
    'secret: "${data.aws_secret.x[each.key]}"',
    'password: `prefix-${getPassword(user)}`',
  ])('%s', expectRedacted)
})

describe('an address of the Internet that nobody has', () => {
  it.each([
    'from «242.126.225.253»',
    'client «230.178.74.151» connected',
    'join 239.255.255.250',
    'netmask 255.255.255.0',
    'mdns 224.0.0.251',
  ])('%s', expectRedacted)
})
