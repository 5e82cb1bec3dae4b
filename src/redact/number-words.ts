/**
 * Words that say what the number beside them is: `phone`, `passport no.`, `口座番号`. Called by the rules for numbers, and
 * with attribute keys by `keys.ts`. A number that nothing but its length tells from any other counts only beside one.
 */
import { codeAt, DIGIT, is, LETTER, WORD } from './chars'
import { createWordFinder } from './key-words'

/** `other` numbers (orders, slips, public registers) are nobody's; `version` and `host` are for dotted quads. */
export type NumberKind =
  | 'phone'
  | 'card'
  | 'ssn'
  | 'national'
  | 'my number'
  | 'licence'
  | 'passport'
  | 'residence'
  | 'pension'
  | 'insurance'
  | 'account'
  | 'birth'
  | 'host'
  | 'version'
  | 'other'

/** Without joints, in small letters; `-` as `createWordFinder` reads it. */
const WORDS: Record<NumberKind, string> = {
  phone:
    '-tel -tél -telno -telnr -tlf -fax -faks -sms -gsm -mob -handy -móvil -portable -call -dial -cell -celular -celulare ' +
    '-cellulare -fon -telf -komórka -hotline phone mobile telefon telefono teléfono téléphone telefone telefoon phoneno ' +
    'mobiel mobil mobilnummer matkapuhelin puhelin puhelinnumero whatsapp wechat rufnummer -callback -contactnumber ' +
    'телефон тел. моб. τηλέφωνο τηλ. هاتف جوال טלפון נייד फ़ोन फोन मोबाइल โทรศัพท์ โทร điệnthoại sđt -hp -telp -telepon ' +
    '電話 電話番号 携帯 携帯番号 連絡先 ファックス ファクス 手机 手機 电话 行動電話 联系方式 전화 휴대폰 핸드폰 연락처',
  card: 'card creditcard debitcard cardnumber cardno -visa -pan カード クレジットカード kreditkarte tarjeta carte信用卡 信用卡 카드',
  ssn: '-ssn -itin socialsecurity socialsecuritynumber socialsecurityno 社会保障番号',
  national:
    '-nationalid -nationalidno -nationalidentity nationalidentification -nationalinsurance -nino -nhs -identitynumber -identitycard -idcard ' +
    '-personalnumber -personalid -citizenid -taxid -taxnumber -taxpayerid -tin -tfn taxfilenumber -sin socialinsurance ' +
    'steuerid -idnr steueridentifikationsnummer steuernummer personalausweis ausweisnummer sozialversicherungsnummer -svnr ' +
    '-nir numérodesécuritésociale sécuritésociale securitesociale -insee -dni -nie -nif -nuss codicefiscale -cf -bsn burgerservicenummer ' +
    'rijksregisternummer rijksregister registrenational numéronational -niss -pesel -nip personnummer -pnr samordningsnummer henkilötunnus -hetu ' +
    'fødselsnummer fodselsnummer -fnr -cpr -cprnr cprnummer contribuinte númerodecontribuinte -cpf -cnpj -aadhaar -aadhar -uid -uidai आधार ' +
    '-rrn 주민등록번호 주민번호 身份证 身份证号 身份證 身分證 身分證字號 -nric -fin -fin番号 -hkid -medicare -curp -cuit -cuil -rut -run -tckn -tckimlik ' +
    'tckimlikno kimlikno -oib -egn егн -cnp -isikukood asmenskodas rodnéčíslo rodneCislo снилс -snils инн -inn иин -amka αμκα αφμ ' +
    'תעודתזהות teudatzehut เลขประจำตัวประชาชน -nik -ktp -mykad -ppsn -pps -ahv -avs zaid saidnumber rsaid -идентификатор ' +
    'cédula cedula -documento',
  'my number': 'mynumber マイナンバー 個人番号 共通番号 通知カード',
  licence:
    '免許 免許証 運転免許 運転免許証 免許証番号 driverslicense driverlicense driverslicence driverlicence drivinglicense drivinglicence -dl ' +
    'licensenumber licencenumber führerschein führerscheinnummer permisdeconduire permisoconducir carnetdeconducir ' +
    'patente rijbewijs körkort førerkort prawojazdy 驾驶证 駕照 운전면허',
  passport:
    'passport パスポート 旅券 reisepass reisepassnummer passnummer passeport pasaporte passaporto passaporte paspoort paszport ' +
    'паспорт 护照 護照 여권 passportno passi',
  residence: '在留カード 在留 特別永住者証明書 residencecard zairyu',
  pension: '基礎年金 年金 年金手帳 年金番号 基礎年金番号 pension',
  insurance:
    '健康保険 保険証 被保険者 保険者 被保険者証 被保険者番号 保険者番号 介護保険 健康保険証 保険証番号 記号番号 雇用保険 insurance insurancenumber healthinsurance ' +
    'insurancepolicy policynumber -memberid medicare versichertennummer krankenkasse',
  account:
    '口座 口座番号 普通預金 当座預金 普通 当座 貯蓄 振込先 bankaccount accountnumber accountno acctno -acct checkingaccount savingsaccount ' +
    'currentaccount kontonummer -kontonr numérodecompte comptebancaire númerodecuenta cuentabancaria numeroconto contocorrente ' +
    'rekeningnummer contabancaria -iban -routingnumber routing -sortcode -abarouting 银行账号 銀行帳號 계좌번호 계좌',
  birth:
    '生年月日 誕生日 生まれ -dob -bday birthday birthdate dateofbirth birthdt -born -bornon -birth geburtsdatum geburtstag geboren geborenam -gebam ' +
    'datedenaissance naissance -né -née -néle -néele fechadenacimiento nacimiento nacidoel nacidael datadinascita nascita natoil natail ' +
    'datadenascimento nascimento nascidoem nascidaem geboortedatum födelsedatum fødselsdato syntymäaika syntymäpäivä dataurodzenia ' +
    'датарождения родился родилась дүрождения doğumtarihi tanggallahir ngàysinh วันเกิด תאריךלידה تاريخالميلاد जन्मतिथि 出生日期 出生年月日 出生 생년월일 생일',
  host: '-ip -ipaddress -ipaddr -addr -clientip -remoteip -sourceip アドレス -ipv4 -from -host',
  version:
    'version -ver release -build -revision -rev firmware バージョン 版本 버전 -section -chapter -clause -oid -schema -§ -driver -sdk',
  other:
    '-order -orderid ordernumber orderno -invoice -invoiceno -ticket -tracking -trackingnumber -waybill -sku -isbn -barcode -jan -ean ' +
    '注文 注文番号 伝票 伝票番号 送り状 送り状番号 追跡番号 問い合わせ番号 問合せ番号 管理番号 商品番号 品番 受付番号 予約番号 法人番号 会員番号 請求書番号 型番 ' +
    '订单 订单号 訂單 주문번호 bestellung bestellnummer commande pedido ordine',
}

const find = createWordFinder(
  (Object.keys(WORDS) as NumberKind[]).flatMap(kind => WORDS[kind].split(' ').map(word => [word, kind] as const)),
)

/** One word of a kind, for a text that has to announce it. */
export function wordFor(kind: NumberKind): string {
  return WORDS[kind].split(' ', 1)[0]!.replace('-', '')
}

/** What may stand between the word and the number, besides signs. */
const findLink = createWordFinder(
  (
    'number numbers -no -num -nr -nbr -id -is -are -was -at -on -me -my -code -digits nummer numéro numero número 番号 号码 번호 號碼 ' +
    '-ist -lautet -est -es -el -le -il -em -am -den -jest -är -er -to -of -the -your -our -jp -us номер'
  )
    .split(' ')
    .map(word => [word, true] as const),
)

/** Colons, quotes of any depth, brackets, cells of tables, は. */
const BETWEEN = ' \t\n\r:=はがの"\'`\\.])(/|>*#№§「『・、?'
const LONGEST_BETWEEN = 16
const LONGEST_REMARK = 24
const MOST_LINKS = 4

/** What the text right before `at` says that the number there is; words such as `number is` may stand between. */
export function announced(text: string, at: number): NumberKind | undefined {
  let end = at
  for (let links = 0; links <= MOST_LINKS; links++) {
    const stop = Math.max(0, end - LONGEST_BETWEEN)
    while (end > stop && isBetween(text, end - 1)) {
      end--
      // a mask is no announcement, but headers["phone"] is one
      if (isMaskEnd(text, end)) return undefined
    }
    const found = find(text, end)
    if (found) return found.value
    const link = findLink(text, end)
    if (link) end = link.start
    else if (codeAt(text, end) === 41) end = remarkStart(text, end)
    else return undefined
  }
  return undefined
}

/** How far before and behind a number a word may stand that is not glued to it. */
const BEFORE = 40
const BEHIND = 20
/** A longer number or a mask in between: the word is that one's. */
const OTHER_NUMBER = 5
const LONGEST_CHANCE = 5

/** What the nearest word before the number [start, end) says that it is, or else the first behind it. */
export function nearest(text: string, start: number, end: number): NumberKind | undefined {
  for (let at = start, digits = 0; at > start - BEFORE && at > 0 && digits < OTHER_NUMBER; at--) {
    if (isMaskEnd(text, at - 1)) break
    digits = is(codeAt(text, at - 1), DIGIT) ? digits + 1 : 0
    const found = endsWord(text, at) ? find(text, at) : undefined
    if (found && isApart(text, found.start, at)) return found.value
  }
  const stop = Math.min(text.length, end + BEHIND)
  for (let at = end + 1, digits = 0; at <= stop && digits < OTHER_NUMBER; at++) {
    const code = codeAt(text, at - 1)
    if (code === 91) break
    digits = is(code, DIGIT) ? digits + 1 : 0
    const found = endsWord(text, at) ? find(text, at) : undefined
    if (found && found.start >= end && isApart(text, found.start, at)) return found.value
  }
  return undefined
}

/** True where no letter goes on with the word, but for the s of a plural. */
function endsWord(text: string, at: number): boolean {
  const next = codeAt(text, at)
  return !is(next, LETTER | DIGIT) || (next === 115 && !is(codeAt(text, at + 1), LETTER | DIGIT))
}

/** Short words stand in any base64: they count here only with no letter or digit on either side. */
function isApart(text: string, start: number, end: number): boolean {
  return end - start > LONGEST_CHANCE || !is(codeAt(text, start - 1), LETTER | DIGIT)
}

/** True for the bracket that ends `[EMAIL]` or a pseudonym. */
function isMaskEnd(text: string, at: number): boolean {
  return codeAt(text, at) === 93 && is(codeAt(text, at - 1), WORD)
}

function isBetween(text: string, at: number): boolean {
  const char = text[at]!
  return BETWEEN.includes(char) || (isDash(char) && codeAt(text, at + 1) === 32)
}

function isDash(char: string): boolean {
  return char === '-' || char === '–' || char === '—'
}

/** Where `(YYYY-MM-DD)` begins, whose closing bracket is at `close`. */
function remarkStart(text: string, close: number): number {
  const opening = text.slice(Math.max(0, close - LONGEST_REMARK), close).lastIndexOf('(')
  return opening >= 0 ? Math.max(0, close - LONGEST_REMARK) + opening : close
}
