"""First names by group of forms; a line that ends in + goes on in the next."""

FORMS = """
abigail abi abbie abby gail
abraham abe bram avraham ibrahim
ibrahim ebrahim ibraheem ibraahim ebraheem
adam aadam adem
agnes aggie nessie
agnieszka aga agnes
ahmed ahmad ahmet achmed ahmedi axmed ahamed
aisha ayesha aysha aesha ayisha aishah ayse caasha ayshah
alan allan allen al
albert bert bertie
alexander alex alec alexandru aleksander alexandre sandy sasha olek
alexandra alex aleksandra alexa sandy sasha ola
alfred alf alfie fred freddie freddy frederick frederic fredrick
ali aly cali alee
alice ali ally
alison allison ally
amanda mandy manda
amelia millie emilia amy
amina aminah ameena amna aamina
amir ameer aamir
amit ameet
andrew andy drew andrei andrzej andre andreas andrey
angela angie ange
ann anne anna annie anya hannah hanna
anthony tony antony ant anton antonio
arthur art artie
babatunde tunde
barbara barb babs barbra
barry baz
beatrice bea beatrix
benjamin ben benny benji
bernard bernie
beth bethany
beverley bev beverly
bradley brad
brian bryan bryn
cameron cam
caroline carol carolyn carrie carole karolina caz
catherine cath cathy katherine kathryn kathy kate katie katy kat kitty catharine katharine +
katarzyna kasia kathleen cathleen kay katrina catriona katalin
charles charlie chas chuck charlotte lottie charley
christopher chris christian kris krzysztof kit christie
christine chris christina tina krystyna christie kirsty kirsten kris
clifford cliff
constance connie
cynthia cindy
daniel dan danny danielle dani
david dave davy dawid davey
deborah debbie deb debra debs
denise dennis denis den
derek del derrick
diana di diane dianne
dominic dom dominik dominique
donald don donny donnie
dorothy dot dottie dorothea
douglas doug dougie
duncan dunc
edward ed eddie ted teddy ned edwin eddy ward edmund eduard
eleanor ellie nell nellie elena ella elinor eleanora leonora helen helena nora
elizabeth liz beth lizzie betty betsy bess libby eliza elisabeth elspeth lisa elisa lisbeth
ellen nell
emma em emily emmie
emmanuel manny emanuel
ernest ernie
eugene gene
fatima fatema fathima fatimah fatma fatemeh faatima fadumo fatou fatimata faduma
florence flo florrie flossie
frances fran frankie francesca francis frank franny
gabriel gabe gabriela gabrielle gabi gaby
gareth gary gaz garry garth
geoffrey geoff jeff jeffrey jeffery jef
george georgie georgi gheorghe jorge
georgina georgia georgie
gerald gerry jerry gerard ged jerome
gillian gill jill jillian gilly
gordon gord
graham graeme grahame
gregory greg gregg grzegorz
halima haleema halimah xaliimo
hamid hameed
harold harry hal henry henryk harrison harri
harriet hattie
hassan hasan xasan hassaan hasaan
herbert herb bert
hussain hussein husain hossain hosein hossein husayn hussin xuseen husein hussien houssein
ian iain ion
imogen immy
imran emran imraan
irene rena
isaac ike zak zac zack
isabel isabella bella izzy isobel isabelle izabela
ismail ismael esmail ismaaciil ismayil
jacob jake jakub jakob yaqub yakub yaqoob jacub
jacqueline jackie jacqui jacquie jaqueline
james jim jimmy jamie jem jaime
jan jane janet janice janis
jasmine jas jaz yasmin yasmine yasmeen jasmin jazmin
jennifer jenny jen jenni jennie
jessica jess jessie
joan joanna joanne jo joann
john johnny jon jack jonny johnnie jonathan jonathon johnathan jonothan jan ivan sean shaun +
shawn ioan evan janos
jordan jordy
joseph joe joey josef yusuf yousef yousuf yusef yuusuf yousaf yusif josie jozef youssef yosef
joshua josh
joyce joy
judith judy jude judi
julia julie jules juliet julian juliette
karen caren karin
karim kareem
kenneth ken kenny
kevin kev
khadija khadijah kadija khadeeja khadra kadijah khadiga
khalid khaled
kimberley kim kimberly
laura lora laurie lauren loz
lawrence larry laurence lawrie
layla leila laila leyla
leonard len leo lenny leon
lesley leslie les
lewis louis lou louie luis lewie luisa
lillian lil lily lilly lilian
linda lyn lin lynda lynn lynne
louise lou louisa
lucy lucinda lu
luke lukasz lucas luka
magdalena magda
mahmoud mahmood mehmood mahmud maxamuud mahmut
malcolm mal
malgorzata gosia
margaret maggie meg peggy madge marge margie rita greta margery marjorie mags peg
maria mary mari molly marie moira maryam mariam miriam meryem maryan miryam marya mair polly
mark marc marcus marek
martin marty marcin
matilda tilly tilda mattie
matthew matt mat mateusz matty mathew
maureen mo
maximilian max maxim maxine maxwell
michael mike mick mickey mikey michal mihai micky mikhail micheal mikolaj
michelle shell shelly mich chelle michele
mohammed muhammad mohamed mohammad mohamad muhammed muhamed mahamed mohd mehmet maxamed mohamud +
mo muhamad mahomed mahammad mohemmed moh md
monica monika
nadeem nadim
natalie nat natalia nathalie
natasha tash tasha natasja
nathan nathaniel nate nat nathanael
nicholas nick nicky nicolas nico nik nikolas
nicola nicky nic nicole nikki nichola nick
nigel nige
noor nour nur nura noura
olivia liv livvy olive livia
oliver ollie olly
oluwaseun seun
omar umar omer cumar
pamela pam
patricia pat trish tricia patsy pattie
patrick pat paddy
paul pawel pauly pavel
pauline paula polly
penelope penny pen
peter pete piotr petros pyotr
philip phil phillip philippa pippa pip
rachel rach rachael rachelle rahel
rahman rehman
raymond ray
rebecca becky bec becca bex rebekah
reginald reg reggie
richard rich rick dick ricky richie rik ricardo
robert rob bob bobby robbie bert robin roberto
roderick rod roddy
roger rodge
ronald ron ronnie ronny
rosemary rose rosie rosa rosalind ros
roxanne roxy
russell russ
ruth ruthie
said saeed sayeed saed siciid saeid
salah saleh salih
samantha sam sammy sammie
samuel sam sammy sammie samuele
sandra sandy
sarah sally sara sadie zara sahra
scott scotty
sebastian seb bas
sharon shaz sharron
sheila shelagh
sidney sid sydney
simon si szymon simeon
stanley stan stanislaw
stephen steve steven stevie stefan szczepan ste steph
stephanie steph stevie stefania
stuart stewart stu
susan sue suzanne suzie susie susanna suzy susannah zuzanna zuzana
sylvia sylvie
tariq tarek tareq taariq
temitope temi tope
terence terry terrence theresa teresa tess tessa tessie
theodore theo teddy
thomas tom tommy tomasz tomas
timothy tim timmy
trevor trev
tracey tracy trace
usman osman uthman cismaan othman usmaan
valerie val
veronica ronnie weronika
victor vic wiktor
victoria vicky vicki tori vikki vix wiktoria
vincent vince vinny
vivian viv vivienne vivien
walter wally walt
wayne waine
wendy wend
william bill will billy willie wilf liam willy wil
winifred win winnie freda
winston win
yvonne evonne
zachary zach zac zack zachariah zak zakaria zakariya zakariyya
zahra zehra zara zaara zahraa
zainab zaynab zeinab zeynep zenab zaineb
zulfiqar zulfikar
"""
