/**
 * The words of `number-words.ts` in other languages, and in all of them those for the numbers that states, banks and
 * insurers give to people. Called by `locales/index.ts`.
 */
import type { Words } from '../key-words'
import type { NumberKind } from '../number-words'

export const NUMBER_WORDS: Words<NumberKind> = {
  phone:
    '-tél -telnr -tlf -faks -handy -móvil -portable -celular -celulare -cellulare -fon -telf -komórka telefon ' +
    'telefono teléfono téléphone telefone telefoon mobiel mobil mobilnummer matkapuhelin puhelin puhelinnumero ' +
    'rufnummer телефон тел. моб. τηλέφωνο τηλ. هاتف جوال טלפון נייד फ़ोन फोन मोबाइल โทรศัพท์ โทร điệnthoại sđt -hp ' +
    '-telp -telepon 電話 電話番号 携帯 携帯番号 連絡先 ファックス ファクス 手机 手機 电话 行動電話 联系方式 전화 휴대폰 핸드폰 연락처',
  card: 'カード クレジットカード kreditkarte tarjeta carte信用卡 信用卡 카드',
  ssn: '-ssn -itin socialsecurity socialsecuritynumber socialsecurityno 社会保障番号',
  national:
    '-nationalid -nationalidno -nationalidentity nationalidentification -nationalinsurance -nino -nhs ' +
    '-identitynumber -identitycard -idcard -personalnumber -personalid -citizenid -taxid -taxnumber -taxpayerid ' +
    '-tin -tfn taxfilenumber -sin socialinsurance -uid steuerid -idnr steueridentifikationsnummer steuernummer ' +
    'personalausweis ausweisnummer sozialversicherungsnummer -svnr -nir numérodesécuritésociale sécuritésociale ' +
    'securitesociale -insee -dni -nie -nif -nuss codicefiscale -cf -bsn burgerservicenummer rijksregisternummer ' +
    'rijksregister registrenational numéronational -niss -pesel -nip personnummer -pnr samordningsnummer ' +
    'henkilötunnus -hetu fødselsnummer fodselsnummer -fnr -cpr -cprnr cprnummer contribuinte númerodecontribuinte ' +
    '-cpf -cnpj -aadhaar -aadhar -uidai आधार -rrn 주민등록번호 주민번호 身份证 身份证号 身份證 身分證 身分證字號 -nric -fin -fin番号 -hkid -curp ' +
    '-cuit -cuil -rut -run -tckn -tckimlik tckimlikno kimlikno -oib -egn егн -cnp -isikukood asmenskodas rodnéčíslo ' +
    'rodneCislo снилс -snils инн -inn иин -amka αμκα αφμ תעודתזהות teudatzehut เลขประจำตัวประชาชน -nik -ktp -mykad ' +
    '-ppsn -pps -ahv -avs zaid saidnumber rsaid -идентификатор cédula cedula -documento',
  'my number': 'mynumber マイナンバー 個人番号 共通番号 通知カード',
  licence:
    'driverslicense driverlicense driverslicence driverlicence drivinglicense drivinglicence -dl licensenumber ' +
    'licencenumber 免許 免許証 運転免許 運転免許証 免許証番号 führerschein führerscheinnummer permisdeconduire permisoconducir ' +
    'carnetdeconducir patente rijbewijs körkort førerkort prawojazdy 驾驶证 駕照 운전면허',
  passport:
    'passport passportno パスポート 旅券 reisepass reisepassnummer passnummer passeport pasaporte passaporto passaporte ' +
    'paspoort paszport паспорт 护照 護照 여권 passi',
  residence: 'residencecard 在留カード 在留 特別永住者証明書 zairyu',
  pension: 'pension 基礎年金 年金 年金手帳 年金番号 基礎年金番号',
  insurance:
    'insurance insurancenumber healthinsurance insurancepolicy policynumber -memberid medicare 健康保険 保険証 被保険者 保険者 ' +
    '被保険者証 被保険者番号 保険者番号 介護保険 健康保険証 保険証番号 記号番号 雇用保険 versichertennummer krankenkasse',
  account:
    'bankaccount accountnumber accountno acctno -acct checkingaccount savingsaccount currentaccount -iban ' +
    '-routingnumber routing -sortcode -abarouting 口座 口座番号 普通預金 当座預金 普通 当座 貯蓄 振込先 kontonummer -kontonr ' +
    'numérodecompte comptebancaire númerodecuenta cuentabancaria numeroconto contocorrente rekeningnummer ' +
    'contabancaria 银行账号 銀行帳號 계좌번호 계좌',
  birth:
    '-dob -bday birthday birthdate dateofbirth birthdt -born -bornon -birth 生年月日 誕生日 生まれ geburtsdatum geburtstag ' +
    'geboren geborenam -gebam datedenaissance naissance -né -née -néle -néele fechadenacimiento nacimiento nacidoel ' +
    'nacidael datadinascita nascita natoil natail datadenascimento nascimento nascidoem nascidaem geboortedatum ' +
    'födelsedatum fødselsdato syntymäaika syntymäpäivä dataurodzenia датарождения родился родилась дүрождения ' +
    'doğumtarihi tanggallahir ngàysinh วันเกิด תאריךלידה تاريخالميلاد जन्मतिथि 出生日期 出生年月日 出生 생년월일 생일',
  host: 'アドレス',
  version: 'バージョン 版本 버전',
  other:
    '注文 注文番号 伝票 伝票番号 送り状 送り状番号 追跡番号 問い合わせ番号 問合せ番号 管理番号 商品番号 品番 受付番号 予約番号 法人番号 会員番号 請求書番号 型番 订单 订单号 訂單 주문번호 ' +
    'bestellung bestellnummer commande pedido ordine',
}

/** Between such a word and its number. */
export const LINKS =
  'nummer numéro numero número 番号 号码 번호 號碼 номер -ist -lautet -est -es -el -le -il -em -am -den -jest -är -er'
