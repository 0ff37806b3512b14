"""Last names by group of forms; a line that ends in + goes on in the next."""

FORMS = """
abdi cabdi abdy
abdullah abdulla abdulah cabdullahi abdalla abdallah abdullahi cabdullaahi
adeyemi adeyemo
ahmed ahmad ahmet axmed ahamed ahmedi
akhtar akhter akthar aktar akter
ali aly cali
allen allan alan
anderson andersen
aziz azeez
bailey bayley baillie baily
begum begam
bibi bebe
brown browne
chaudhry choudhury chowdhury chaudhary chaudhuri choudhry chaudry choudry chowdury chaudhari +
choudary
chauhan chohan chouhan
cheung zhang chang cheong
clark clarke
cohen kohn cohn
connor conner oconnor
davies davis
dhillon dillon
edwards edwardes
evans evens
farah faarax
fraser frazer
green greene
gray grey
hall halle
hassan hasan xasan hassaan
hosseini husseini hussaini
huang wong wang hwang ong
hussain hussein husain hossain hosein hossein husayn hussin xuseen hussien houssein
hoang huynh
ibrahim ebrahim ibraheem ibraahim
ionescu yonescu
iqbal ikbal
islam eslam
ismail ismael esmail ismaaciil
ivanov ivanova
johnson johnston johnstone
kaminski kaminska
karim kareem
kaur kour
kelly kelley
khan kahn
khatun khatoon khatoun
kowalski kowalska
kozlowski kozlowska
lam lin lim
lawrence laurence
lee li lei leigh
leung liang
lewandowski lewandowska
lewis louis
lloyd loyd
macdonald mcdonald
mackenzie mckenzie
mahmood mahmoud mehmood mahmud
malik malek
martin marten
matthews mathews
mclean maclean
miah mia miya miyah mian
mohammed muhammad mohamed mohammad mohamad muhammed maxamed mohamud mohamoud mohammadi
moore moor
morris maurice
nawaz navaz
ng wu ngo
nguyen nguyan ngyuen nguyn
noor nour nur
nowak novak
oconnor connor
osman usman uthman cismaan othman
patel patil
pearson pierson
petrov petrova
philips phillips
qureshi quraishi koreshi quereshi qureishi
rahman rehman rahaman rahmaan
read reed reid
reynolds renolds
roberts robert
rogers rodgers
russell russel
sadiq siddique siddiqui siddiq siddiqi sidiq
saleh salih salah
sharma sarma
shaikh sheikh shekh sheik
shaw shawe
simmons simmonds
singh sing
smith smyth smythe
stephens stevens stephenson stevenson
stewart stuart steward
szymanski szymanska
taylor tayler tailor
tesfaye tesfay
thompson thomson tompson
tran chan chen chin
turner turnor
uddin udin ud
watt watts
white whyte
wilkinson wilkenson
wilson willson
wisniewski wisniewska
wojcik woycik
wright right
yusuf yousuf yousaf yusef yuusuf yousef youssef
zaman zamaan
"""
