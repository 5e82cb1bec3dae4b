/**
 * The words of `number-words.ts` in other languages, and in all of them those for the numbers that states, banks and
 * insurers give to people.
 */

import type { NumberKind } from '../words/number-words'
import type { Words } from '../words/word-finder'

export const NUMBER_WORDS: Words<NumberKind> = {
  phone:
    'номертелефона номертелефону mobiele -tel -telno -fax -sms -gsm -mob -callback -cell -cellphone -hotline phone mobile telephone phoneno whatsapp wechat ' +
    'contactnumber -landline -pager ' +
    '-telnr -tlf -faks -handy -movil -portable -celular -celulare -cellulare -fon -telf -komorka telefon telefono ' +
    'telefone telefoon telefonszam mobiel mobil mobilnummer handynummer matkapuhelin puhelin puh. puhelinnumero ' +
    'rufnummer telemovel telepon -telp -hp -cep landline телефон тел тел. моб моб. мобильный τηλεφωνο τηλ τηλ. κινητο ' +
    'numertelefonu telefonnicislo telefonnecislo telefonnecislo brojtelefona mobitel numardetelefon telefonnumarası ceptelefonu numaratelefon gsmnumarası телефоненномер мобилен мобільний puhelinnro puhelinnumeroni mobilnr mobilszám ' +
    'sốđiệnthoại điệnthoạidiđộng nomortelepon nomorhp nohp nomorponsel ponsel फ़ोननंबर मोबाइलनंबर หมายเลขโทรศัพท์ เบอร์มือถือ มือถือ رقمالهاتف رقمالجوال מספרטלפון 手机号碼 휴대전화 휴대폰번호 핸드폰번호 ' +
    'هاتف الهاتف جوال موبايل טלפון נייד फ़ोन फोन मोबाइल โทรศัพท์ โทร เบอร์โทร điệnthoại sđt 電話 電話番号 携帯 携帯番号 連絡先 ファックス ' +
    'ファクス 手机 手機 手机号 手机号码 手機號碼 电话 行動電話 联系方式 전화 휴대폰 핸드폰 연락처',
  call:
    'numaralı chiamarmi -call -dial -ring -reach -reached -answering -contact -text -message -messages -registered -office -desk -home -work ' +
    'meinenummer monnumero ilmionumero minumero meunumero mijnnummer mojnumer mittnummer ' +
    'mitnummer nummeretmitt numeroni numaram мойномер номеру -unter -erreichbar -anrufen -ruf appelez joignable ' +
    'chiamami chiama llamame llama -ligue ligar -bel -zadzwon -soita volejte zavolejte -ringtil -hubungi позвоните ' +
    'звоните 拨打 撥打 打电话 連絡 전화번호',
  card:
    'card creditcard debitcard cardnumber cardno -visa -pan -cc -ccnumber -mastercard -maestro -amex -jcb -diners -unionpay ' +
    'カード クレジットカード kreditkarte kartennummer tarjeta cartebancaire cartedecredit cartadicredito cartaodecredito ' +
    'creditcardnummer kartakredytowa 信用卡 카드',
  ssn: '-ssn -itin -social socialsecurity socialsecuritynumber socialsecurityno 社会保障番号',
  national:
    'személyiszám személyiigazolvány személyiigazolványszám személyigazolványszám adóazonosítójel osebništevilka cartedidentité numérodidentité cartadidentità documentodidentità identiteitskaart documentonacionaldeidentidad carnétdeidentidad cartãodecidadão bilhetedeidentidade dowódosobisty občanskýprůkaz občianskypreukaz osobnaiskaznica ' +
    'личнакарта ідентифікаційнийкод посвідченняособи ταυτότητα αριθμόςταυτότητας kimliknumarası căncướccôngdân chứngminhnhândân nomorindukkependudukan आधारसंख्या आधारनंबर บัตรประชาชน رقمالهويةالوطنية מספרזהות 居民身份证 身份證字號 身分證號碼 국민등록번호 ' +
    'codnumericpersonal documentodeidentidad documentonacional ninumber rentenversicherungsnummer svnummer sozialversicherung -rc -תז เลขบัตรประชาชน southafricanid identifikationsnummer numerodassurancesociale assurancesociale identificaciondeextranjero -nationalid -nationalidno -nationalidentity nationalidentification -nationalinsurance nationalinsurancenumber -nino -nhs -identitynumber ' +
    '-identitycard -idcard -idnumber -idno -iddocument -governmentid -personalnumber -personalid -citizenid -taxid ' +
    '-taxnumber -taxpayerid -tin -tfn taxfilenumber -sin socialinsurance steuerid -idnr steueridentifikationsnummer ' +
    'steuernummer personalausweis personalausweisnummer ausweisnummer sozialversicherungsnummer -svnr -nir ' +
    'numerodesecuritesociale securitesociale numerodesecu -desecu numerofiscal -insee -dni -nie -nif -nuss ' +
    'numerodeidentidad seguridadsocial codicefiscale -cf partitaiva -bsn burgerservicenummer rijksregisternummer ' +
    'rijksregister registrenational numeronational -niss -pesel -nip numerdowodu dowodosobisty -regon personnummer ' +
    'personnr -pnr samordningsnummer henkilotunnus -hetu fødselsnummer fodselsnummer -fnr -cpr -cprnr cprnummer ' +
    'contribuinte numerodecontribuinte -cpf -cnpj -rg -bi -aadhaar -aadhar -uidai आधार -rrn 주민등록번호 주민번호 身份证 身份证号 ' +
    '身份证号码 身份證 身分證 身分證字號 身分証 -nric -fin -hkid -medicare -curp -cuit -cuil -rut -tckn -tckimlik tckimlikno kimlikno ' +
    'kimliknumarası -oib -egn егн -cnp -isikukood asmenskodas rodnecislo r.c. снилс -snils инн -inn іпн рнокпп -amka ' +
    'αμκα αφμ adoazonosito adoszam תעודתזהות teudatzehut เลขประจำตัวประชาชน -nik -ktp -mykad -ppsn -pps -ahv -avs ' +
    'zaid saidnumber rsaid cmnd cccd الهوية رقمالهوية идентификатор cedula -documento',
  'my number': 'マイナンバーカード mynumber マイナンバー 個人番号 共通番号 通知カード',
  licence:
    ' 免許 免許証 運転免許 運転免許証 免許証番号 driverslicense driverlicense driverslicence driverlicence drivinglicense drivinglicence ' +
    '-dl -driverid driverslicensenumber licensenumber licencenumber licenseno licenceno fuhrerschein ' +
    'fuhrerscheinnummer permisdeconduire permisoconducir permisodeconducir carnetdeconducir licenciadeconducir ' +
    'patentediguida -patente rijbewijs rijbewijsnummer korkort korkortsnummer førerkort kørekort ajokortti prawojazdy ' +
    'carteirademotorista -cnh cartadeconducao ehliyet ridicskyprukaz водительскоеудостоверение ' +
    'водительскогоудостоверения посвідченняводія 驾驶证 驾驶证号 駕照 운전면허 운전면허번호',
  passport:
    'passport passportnumber パスポート 旅券 reisepass reisepassnummer passnummer passeport pasaporte passaporto passaporte ' +
    'paspoort paspoortnummer paszport paszportu pasnummer -passinnumero cislopasu cestovnipas паспорт паспорта 护照 護照 ' +
    '여권 útlevélszám cestovnypas číslopasu cestovnýpas διαβατήριο αριθμόςδιαβατηρίου pașaport pasaportnumarası pasaportno sốhộchiếu nomorpaspor पासपोर्ट पासपोर्टनंबर رقمجوازالسفر מספרדרכון 护照号码 護照號碼 여권번호 pasaportenúmero passportno -passi pasaport -paspor utlevel διαβατηριο putovnica หนังสือเดินทาง דרכון جواز جوازالسفر جوازسفر ' +
    'hộchiếu',
  residence: '在留カード 在留 特別永住者証明書 residencecard zairyu',
  pension: '基礎年金 年金 年金手帳 年金番号 基礎年金番号 pension',
  insurance:
    'medicarecard 健康保険 保険証 被保険者 保険者 被保険者証 被保険者番号 保険者番号 介護保険 健康保険証 保険証番号 記号番号 雇用保険 insurance insurancenumber healthinsurance ' +
    'insurancepolicy policynumber policyno -memberid medicare versichertennummer krankenkasse ' +
    'krankenversicherungsnummer numerodassure tesserasanitaria numerodeutente verzekeringsnummer numerubezpieczenia ' +
    'numerodelaseguridadsocial',
  account:
    'számlaszám bankszámlaszám bankszámla numardecont numărdecont contbancar hesapnumarası hesapno αριθμόςλογαριασμού номеррахунку розрахунковийрахунок номернасметка банковасметка brojračuna bankovniračun numerorachunku rachunekbankowy númerodaconta numerodaconta númerodeconta numerodeconta ' +
    'खातासंख्या बैंकखाता बैंकखातासंख्या เลขที่บัญชี หมายเลขบัญชี เลขบัญชี บัญชีธนาคาร رقمالحساب رقمحساب الحسابالبنكي מספרחשבון חשבוןבנק 帳號 银行账户 銀行帳戶 帐号 bankrekening sốtàikhoản tàikhoản nomorrekening rekening 口座 口座番号 普通預金 当座預金 普通 当座 貯蓄 振込先 bankaccount accountnumber accountno acctno -acct checkingaccount savingsaccount ' +
    'currentaccount -bban -konto kontonummer -kontonr bankkonto numerodecompte comptebancaire numerodecuenta ' +
    'cuentabancaria numeroconto numerodiconto contocorrente rekeningnummer contabancaria contacorrente numerkonta ' +
    'tilinumero -iban -routingnumber routing -sortcode -abarouting cislouctu hesapno номерсчета расчетныйсчет 银行账号 账号 ' +
    '银行卡号 銀行帳號 계좌번호 계좌',
  birth:
    '生年月日 誕生日 生まれ -dob -bday birthday birthdate dateofbirth birthdt -born -bornon -birth geburtsdatum geburtstag ' +
    'geboren geborenam -gebam -geb datedenaissance naissance -ne -nee -nele -neele fechadenacimiento nacimiento ' +
    'nacidoel nacidael nacido nacida nacioel datadinascita nascita natoil natail datadenascimento nascimento ' +
    'nascidoem nascidaem nasceuem geboortedatum geborenop fodelsedatum -fodd fødselsdato -født syntymaaika ' +
    'syntymapaiva syntynyt dataurodzenia urodzony urodzona -ur -ur. urodzenia datumnarozeni narozen narozena ' +
    'датарождения родился родилась рождения народження народився датанараждане ημερομηνιαγεννησης γεννησης γεννηθηκε ' +
    'datumnarodenia datumnarodenie dátumnarodenia narodený narodená születésnap születésiidő születésidátum датанараждане роденна родена γεννηθείς doğumgünü doğum ngàythángnămsinh sinhngày tempattanggallahir जन्मदिन วันเดือนปีเกิด ' +
    'szuletesidatum szuletett datanasterii nasterii nascutla nascut datumrođenja rođen rođena dogumtarihi ' +
    'tanggallahir ngàysinh วันเกิด תאריךלידה تاريخالميلاد الميلاد जन्मतिथि 出生日期 出生年月日 出生 出生于 出生於 生日 생년월일 생일',
  host: 'アドレス',
  version: 'バージョン 版本 버전',
  other:
    '-order -orderid ordernumber orderno -invoice -invoiceno -ticket -tracking -trackingnumber -waybill -sku -isbn -issn -barcode -jan -ean -upc -traceid -spanid -trace -span ' +
    '注文 注文番号 伝票 伝票番号 送り状 送り状番号 追跡番号 問い合わせ番号 問合せ番号 管理番号 商品番号 品番 受付番号 予約番号 法人番号 会員番号 請求書番号 型番 订单 订单号 訂單 주문번호 bestellung ' +
    'bestellnummer commande pedido ordine',
}

/** Between such a word and its number. */
export const LINKS =
  '-adalah -anda củabạn là คือ ของคุณ הוא שלך هو الخاصبك είναι σας है आपका ваш это -ihr -dein -votre -uw -je -este -to -on -az -is -koodi -din -ditt ' +
  '-value saya củatôi नंबर карты nummer numero 番号 号码 号 號碼 번호 -ist -lautet -est -es -e -kom -el -le -il -al -au -pod -op -till -til -em -am -in -para ' +
  '-den -jest -är -ar -er -n° номер по -на رقم'
