// Sentences of support, offices and chats, written for the training of `train.mjs`. `{P}` is a whole name, `{G}` a given name, `{S}` a
// surname, `{L}` a place, `{W}` a word with a capital that names nobody.

export const TEMPLATES = {
  en: `I spoke with {P} this morning about the invoice.
{G} asked me to send the report before Friday.
Please forward this to {P} and {P}.
The meeting was moved because {G} is on holiday.
{P} called twice and left a message.
According to {P}, the order never arrived.
My colleague {G} will take over while I am away.
Can you tell {G} that the parcel is here?
Our new manager, {P}, starts on Monday.
{G} and {G} live in {L} with their children.
The patient, {P}, was admitted on Tuesday.
Mr. {S} has not paid yet.
Mrs {S} wants to cancel her contract.
Dr. {S} signed the letter yesterday.
Hi {G}, thanks for your quick answer.
Best regards, {P}
Thanks,
{G}
Regards
{P}
Draft a reply to {P} in {L}.
I'm {G} and I need help with my account.
This is {P} from {W}.
{G}'s laptop was stolen in {L}.
We met {P} at {W} in {L} last year.
Is {P} still working for {W}?
The contract between {P} and {W} ends in June.
{P}, who lives in {L}, complained about the delay.
{S} said that the figures were wrong.
"I never got it," said {P}.
Ask {G} about the budget for {W}.
Summarise the conversation between {G} and {G}.
The refund for {P} was approved by {G} {S}.
My sister {G} moved to {L} in March.
{G} wrote: the {W} release is late.
Write an e-mail to {G} about {W}.
I live in {L} and work for {W}.
{W} opened a new office in {L}.
The {W} plan costs more than the {W} plan.
How do I connect {W} to {W}?
Open {W} and click Settings, then Save.
He works at {W} with {G}.
Let {G} know that {P} will be late.
The witness {P} told the police that {S} left at nine.
{P} (born in {L}) teaches at {W}.
CC {P}, {P} and {G}
Attendees: {P}, {P}, {G}
Sent by {P} on Monday
Reported by {P}
My boss {P} and his wife {G} are coming.
What did {G} say to {G} about the trip to {L}?
Professor {S} cited {S} and {S} in the paper.
Tell me a story about a girl named {G}.
The government of {L} announced new rules for {W}.
{L} and {L} signed an agreement on Monday.
Officials in {L} said the bridge would open in May.
Flights from {L} to {L} were delayed by the storm.
The {L} office is closed, but {L} is open.
{L} has won the match against {L}.
I love the food in {L} and the hotels in {L}.
Hurricane {N} hit the coast of {L}.
St. {N} Hospital in {L} is closed.
Lunch at {N}'s Pizza was great.`,
  de: `Ich habe heute mit {P} über die Rechnung gesprochen.
{G} hat mich gebeten, den Bericht vor Freitag zu schicken.
Bitte leiten Sie das an {P} und {P} weiter.
Die Besprechung wurde verschoben, weil {G} im Urlaub ist.
{P} hat zweimal angerufen und eine Nachricht hinterlassen.
Laut {P} ist die Bestellung nie angekommen.
Meine Kollegin {G} übernimmt, während ich weg bin.
Können Sie {G} sagen, dass das Paket da ist?
Unser neuer Chef, {P}, beginnt am Montag.
{G} und {G} wohnen mit ihren Kindern in {L}.
Herr {S} hat noch nicht bezahlt.
Frau {S} möchte ihren Vertrag kündigen.
Der Vertrag von Frau {P} endet im Juni.
Dr. {S} hat den Brief gestern unterschrieben.
Hallo {G}, danke für die schnelle Antwort.
Viele Grüße
{P}
Ich bin {G} und brauche Hilfe mit meinem Konto.
Der Patient {P} wurde am Dienstag aufgenommen.
Das Auto von {G} wurde in {L} gestohlen.
{P}, der in {L} lebt, beschwerte sich über die Verspätung.
„Ich habe nichts bekommen“, sagte {P}.
Meine Schwester {G} ist im März nach {L} gezogen.
Ich wohne in {L} und arbeite bei {W}.
{W} hat ein neues Büro in {L} eröffnet.
Die Firma {W} liefert die Ware nach {L}.
Wie verbinde ich {W} mit {W}?
Der Kunde {P} hat die Ware nicht erhalten.
Nach Angaben von {S} waren die Zahlen falsch.
{S} erklärte, dass der Termin verschoben wird.
Das Protokoll wurde von {P} geschrieben.
Teilnehmer: {P}, {P}, {G}
Schreibe eine Antwort an {P} in {L}.`,
  fr: `J'ai parlé avec {P} ce matin au sujet de la facture.
{G} m'a demandé d'envoyer le rapport avant vendredi.
Merci de transmettre ce message à {P} et à {P}.
La réunion est reportée parce que {G} est en congé.
{P} a appelé deux fois et a laissé un message.
Selon {P}, la commande n'est jamais arrivée.
Ma collègue {G} prend la suite pendant mon absence.
Pouvez-vous dire à {G} que le colis est là ?
Notre nouveau directeur, {P}, commence lundi.
{G} et {G} habitent à {L} avec leurs enfants.
M. {S} n'a pas encore payé.
Mme {S} veut résilier son contrat.
Monsieur {S} et Madame {S} ont signé.
Le docteur {S} a signé la lettre hier.
Bonjour {G}, merci pour votre réponse rapide.
Cordialement,
{P}
Je suis {G} et j'ai besoin d'aide avec mon compte.
Le patient, {P}, a été admis mardi.
La voiture de {G} a été volée à {L}.
{P}, qui vit à {L}, s'est plaint du retard.
« Je n'ai rien reçu », a dit {P}.
Ma sœur {G} s'est installée à {L} en mars.
J'habite à {L} et je travaille chez {W}.
{W} a ouvert un bureau à {L}.
Le contrat entre {P} et {W} se termine en juin.
Selon {S}, les chiffres étaient faux.
Le compte rendu a été rédigé par {P}.
Écris un message à {G} au sujet de {W}.`,
  es: `Hablé con {P} esta mañana sobre la factura.
{G} me pidió que enviara el informe antes del viernes.
Por favor, reenvíe esto a {P} y a {P}.
La reunión se aplazó porque {G} está de vacaciones.
{P} llamó dos veces y dejó un mensaje.
Según {P}, el pedido nunca llegó.
Mi compañera {G} se encarga mientras estoy fuera.
¿Puede decirle a {G} que el paquete está aquí?
Nuestro nuevo director, {P}, empieza el lunes.
{G} y {G} viven en {L} con sus hijos.
El señor {S} todavía no ha pagado.
La señora {S} quiere cancelar su contrato.
El doctor {S} firmó la carta ayer.
Hola {G}, gracias por tu respuesta.
Un saludo,
{P}
Soy {G} y necesito ayuda con mi cuenta.
El paciente, {P}, ingresó el martes.
El coche de {G} fue robado en {L}.
{P}, que vive en {L}, se quejó del retraso.
«No recibí nada», dijo {P}.
Mi hermana {G} se mudó a {L} en marzo.
Vivo en {L} y trabajo en {W}.
{W} abrió una oficina en {L}.
El contrato entre {P} y {W} termina en junio.
Según {S}, las cifras eran falsas.
El acta fue redactada por {P}.
Escribe un correo a {G} sobre {W}.`,
  pt: `Falei com {P} hoje de manhã sobre a fatura.
O {G} pediu-me para enviar o relatório antes de sexta-feira.
Por favor, encaminhe isto para {P} e {P}.
A reunião foi adiada porque a {G} está de férias.
{P} ligou duas vezes e deixou uma mensagem.
Segundo {P}, a encomenda nunca chegou.
A minha colega {G} fica no meu lugar.
Pode dizer à {G} que a encomenda está aqui?
O nosso novo diretor, {P}, começa na segunda-feira.
{G} e {G} moram em {L} com os filhos.
O senhor {S} ainda não pagou.
A senhora {S} quer cancelar o contrato.
O doutor {S} assinou a carta ontem.
Olá {G}, obrigado pela resposta rápida.
Atenciosamente,
{P}
Sou a {G} e preciso de ajuda com a minha conta.
O paciente, {P}, foi internado na terça-feira.
O carro de {G} foi roubado em {L}.
{P}, que vive em {L}, queixou-se do atraso.
"Não recebi nada", disse {P}.
Minha irmã {G} mudou-se para {L} em março.
Moro em {L} e trabalho na {W}.
A {W} abriu um escritório em {L}.
O contrato entre {P} e a {W} termina em junho.
De acordo com {S}, os números estavam errados.
A ata foi redigida por {P}.
Escreva um e-mail para {G} sobre {W}.`,
  it: `Ho parlato con {P} stamattina della fattura.
{G} mi ha chiesto di inviare il rapporto entro venerdì.
Per favore, inoltri questo messaggio a {P} e a {P}.
La riunione è stata rinviata perché {G} è in ferie.
{P} ha chiamato due volte e ha lasciato un messaggio.
Secondo {P}, l'ordine non è mai arrivato.
La mia collega {G} mi sostituisce.
Può dire a {G} che il pacco è qui?
Il nostro nuovo direttore, {P}, comincia lunedì.
{G} e {G} vivono a {L} con i figli.
Il signor {S} non ha ancora pagato.
La signora {S} vuole disdire il contratto.
Il dottor {S} ha firmato la lettera ieri.
Ciao {G}, grazie per la risposta.
Cordiali saluti,
{P}
Sono {G} e ho bisogno di aiuto con il mio conto.
Il paziente, {P}, è stato ricoverato martedì.
La macchina di {G} è stata rubata a {L}.
{P}, che vive a {L}, si è lamentato del ritardo.
«Non ho ricevuto nulla», ha detto {P}.
Mia sorella {G} si è trasferita a {L} in marzo.
Abito a {L} e lavoro per {W}.
{W} ha aperto un ufficio a {L}.
Il contratto tra {P} e {W} finisce a giugno.
Secondo {S}, le cifre erano sbagliate.
Il verbale è stato scritto da {P}.
Scrivi un'e-mail a {G} su {W}.`,
}

/** What has a capital in a sentence and is nobody. */
export const WORDS =
  `Google Microsoft Amazon Slack Zoom Excel Outlook Teams Jira GitHub Docker Kubernetes Python Java React Postgres Redis Kafka Linux Windows
Android Chrome Firefox Safari Siemens Bosch Toyota Honda Nestlé Deutsche Bank Premium Enterprise Basic Pro Support Sales Marketing Finance Legal
Operations Release Sprint Project Apollo Phoenix Titan Aurora Horizon Atlas Mercury Facebook Instagram YouTube Netflix Spotify PayPal Visa
Christmas Easter Ramadan English German French Spanish Japanese Italian Portuguese European American Congress Parliament University Hospital
Institute Museum Council Ministry Commission Airport Station Board Committee OpenAI Claude Gemini ChatGPT Anthropic Mistral Llama`.split(
    /\s+/,
  )

/** Peoples, religions and what else is written with a capital in English. */
export const NATIONS =
  `american british english scottish welsh irish french german spanish italian portuguese dutch belgian swiss austrian polish czech slovak
hungarian romanian bulgarian greek turkish russian ukrainian swedish norwegian danish finnish icelandic chinese japanese korean taiwanese indian
pakistani afghan iranian iraqi israeli palestinian syrian lebanese jordanian egyptian libyan saudi kuwaiti arab arabic arabian kurdish persian
african nigerian kenyan ethiopian moroccan algerian mexican canadian brazilian argentine argentinian chilean colombian peruvian cuban venezuelan
australian european asian latin hispanic muslim islamic islam christian catholic protestant orthodox jewish jew jews hindu buddhist sunni shia
shiite sikh mormon baptist lutheran anglican methodist israel palestine chechnya kashmir gaza baghdad fallujah communist democrat democratic
republican republicans democrats nazi soviet monday tuesday wednesday thursday friday saturday sunday january february march april june july
august september october november december easter christmas halloween thanksgiving ramadan god jesus lord bible quran street avenue road boulevard
square park hall school college university hospital hotel street corp inc ltd llc gmbh hurricane prophet`.split(/\s+/)
