"""Common names by pool, written for the invented place: no list of real people stands behind them.

A pool is the naming tradition that a family's names come from, and decides which name faults can
happen to its records. Names stand in rough order of how common they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_BRITISH = """
Smith Jones Williams Taylor Brown Davies Evans Wilson Thomas Johnson Roberts Robinson Thompson
Wright Walker White Edwards Hughes Green Hall Lewis Harris Clarke Patterson Jackson Wood Turner
Martin Cooper Hill Ward Morris Moore Clark Lee King Baker Harrison Morgan Allen James Scott
Phillips Watson Davis Parker Price Bennett Young Griffiths Mitchell Kelly Cook Carter Richardson
Bailey Collins Bell Shaw Murphy Miller Cox Richards Marshall Anderson Simpson Ellis Adams Chapman
Wilkinson Foster Powell Webb Rogers Gray Mason Hunt Palmer Holmes Campbell Barnes Mills Lloyd
Matthews Knight Butler Russell Barker Stevens Jenkins Fisher Dixon Fletcher Harvey Pearson Andrews
Elliott Howard Reynolds Stewart Fox Graham Saunders Ford Payne Fowler Gibson Walsh Lawrence Dawson
Day Atkinson Spencer Reid West Murray Burton Brooks Ryan Grant Cole Ball Gill Perry Hart Black
Lowe Bradley Rose Hudson Stone Armstrong Barrett Wells Francis Carr Wallace Hamilton Hawkins
Cunningham Lane Riley Nicholson Gardner Newman Hayes Woods Kennedy Webster Doyle Byrne Burke
Osborne Bishop Freeman Booth Sutton Gordon Stephenson Lynch Parsons Coleman Harper Warren Porter
Long Carroll Pritchard Hopkins Greenwood Nelson Page Burgess Crawford Bird Whitehead Watts
Hutchinson Gallagher Sanders Duncan Norris Kerr Bryant Rowe Holland Dunn Austin Goodwin Summers
Sharp Field Swift Preston Bates Dean Lambert Potter Steele Nash Parry Owen Rees Bowen Pugh Howells
Tucker Chambers Cross Frost Gilbert Bond Hewitt Stokes Barlow Hobbs Curtis Peacock Ashton Kirk
Whittaker Barton Drake Farrell Finch Ingram Jarvis Kemp Leach Marsh Noble Oliver Pope Quinn Rhodes
Sykes Thorpe Vaughan Wade Yates Slater Holden Brennan Nolan Flynn Regan Sweeney Donnelly Maguire
Mcdonald Mackenzie Sinclair Ross Fraser Robertson Ferguson Cameron Douglas Mclean Boyd Ritchie
"""

POOLS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "british": {
            "last": _BRITISH,
            "F1": """Margaret Mary Jean Joan Patricia Sheila Barbara Doreen June Shirley Dorothy
                Joyce Maureen Elizabeth Audrey Brenda Kathleen Sylvia Eileen Pamela Betty Beryl
                Ann Marjorie Irene Hilda Edna Vera Rita Norma Thelma Iris Olive Gladys Eunice""",
            "M1": """John William George James Ronald Robert Kenneth Frederick Thomas Albert Eric
                Edward Arthur Charles Leslie Sidney Frank Stanley Joseph Gordon Dennis Raymond
                Harold Alan Derek Norman Roy Peter Cyril Walter Ernest Herbert Reginald Bernard""",
            "F2": """Susan Linda Christine Carol Jacqueline Karen Julie Deborah Sharon Tracey
                Jane Helen Diane Angela Lesley Alison Janet Gillian Elaine Lorraine Dawn Wendy
                Denise Sandra Beverley Joanne Lynn Paula Amanda Nicola Michelle Caroline Teresa
                Jennifer Hazel Katherine Victoria Kim Maxine Yvonne Catherine""",
            "M2": """David Paul Michael Stephen Andrew Mark Christopher Anthony Ian Kevin Gary
                Steven Philip Martin Nigel Keith Graham Neil Colin Trevor Simon Richard Jonathan
                Adrian Barry Brian Wayne Darren Carl Stuart Timothy Robert Nicholas Malcolm Roger
                Clive Russell Dean Lee Jason Glenn""",
            "F3": """Sarah Emma Laura Claire Gemma Rebecca Kelly Rachel Hannah Lucy Charlotte
                Jessica Sophie Lauren Chloe Amy Bethany Megan Emily Olivia Holly Natalie Katie
                Leanne Stacey Kirsty Danielle Kayleigh Abigail Georgia Ellie Jade Eleanor Zoe
                Natasha Samantha Hayley Lindsay Louise Stephanie""",
            "M3": """James Daniel Matthew Thomas Ryan Adam Luke Jack Joshua Samuel Benjamin Liam
                Craig Scott Ashley Lewis Callum Jordan Nathan Connor Kyle Aaron Robert Alexander
                Joseph William Bradley Gareth Ross Shaun Dale Jamie Marcus Elliot Harry Dominic
                Stewart Gavin Damian Karl""",
            "F4": """Amelia Isla Ava Mia Lily Grace Freya Florence Poppy Evie Ella Isabella Rosie
                Willow Ivy Daisy Sienna Phoebe Matilda Harper Elsie Millie Erin Scarlett Layla
                Summer Lola Martha Penelope Nancy Orla Maisie Bonnie Esme Imogen""",
            "M4": """Oliver Noah George Arthur Leo Harry Oscar Archie Theodore Freddie Alfie
                Charlie Henry Jacob Finley Theo Isaac Logan Mason Ethan Toby Reuben Louie Hugo
                Jude Albie Rory Dylan Tyler Jayden Riley Kian Ollie Max Sebastian""",
        },
        "eastern_european": {
            "last": """Nowak Kowalski Wisniewski Wojcik Kowalczyk Kaminski Lewandowski Zielinski
                Szymanski Wozniak Dabrowski Kozlowski Jankowski Mazur Krawczyk Popescu Ionescu
                Popa Dumitru Stan Gheorghe Rusu Munteanu Petrov Ivanov Georgiev Dimitrov Horvath
                Kovacs Novak Balogh Kazlauskas Jankauskas Petrauskas Ozols Berzins Kalnins""",
            "F": """Anna Katarzyna Agnieszka Malgorzata Magdalena Monika Ewa Joanna Karolina
                Zuzanna Julia Maja Elena Ioana Andreea Mihaela Gabriela Maria Ivana Desislava
                Ruta Egle Ilze Katalin Aleksandra Weronika""",
            "M": """Piotr Krzysztof Andrzej Tomasz Pawel Marcin Michal Lukasz Grzegorz Jakub Jan
                Mateusz Andrei Mihai Alexandru Ionut Florin Ivan Georgi Dimitar Tomas Mindaugas
                Janis Laszlo Zoltan Kacper""",
        },
        "south_asian_muslim": {
            "last": """Khan Hussain Ahmed Ali Begum Mahmood Akhtar Malik Iqbal Shah Hassan Mirza
                Chaudhry Rahman Islam Miah Uddin Choudhury Bibi Rashid Aslam Butt Qureshi Siddique
                Yousaf Zaman Khatun Sheikh Javed Rehman Nawaz Afzal Haque Alam Chowdhury""",
            "F": """Fatima Aisha Zainab Maryam Nasreen Shazia Rukhsana Saima Farzana Nazia Samina
                Parveen Shabnam Rubina Yasmin Amina Khadija Hafsa Sadia Tahira Noreen Iqra Sumaya
                Halima Ayesha Zahra Rahima Shirin Nusrat Mehwish""",
            "M": """Mohammed Ahmed Ali Imran Usman Bilal Hamza Ibrahim Yusuf Tariq Asif Nadeem
                Shahid Kashif Adnan Zubair Faisal Omar Khalid Waseem Amir Rashid Abdul Sajid Haroon
                Hassan Zain Idris Saif Junaid""",
        },
        "south_asian_hindu_sikh": {
            "last": """Patel Singh Kaur Sharma Shah Mistry Desai Kumar Gill Sandhu Dhillon Sidhu
                Parmar Chauhan Joshi Mehta Bains Sahota Rai Grewal Nair Pillai Reddy Iyer
                Sivakumar Rajan Gupta Verma Bhatt Solanki Thapa Gurung Fernando Perera""",
            "F": """Priya Sunita Anita Meena Harpreet Manjit Kavita Rekha Nisha Jasmine Simran
                Gurpreet Pooja Anjali Deepa Asha Neha Kiran Rupinder Hetal Bhavna Lakshmi Divya
                Shreya Radha Amrit""",
            "M": """Raj Amit Sanjay Harpreet Gurdeep Vijay Rajesh Anil Sunil Jaspal Manpreet Ravi
                Arjun Dev Rohan Nikhil Kiran Suresh Mahesh Bhavesh Balwinder Kuldeep Prakash
                Vikram Aarav Ganesh""",
        },
        "chinese": {
            "last": """Wong Chan Li Chen Wang Zhang Liu Lam Cheung Leung Ho Ng Tang Yang Huang Lin
                Wu Zhao Nguyen Tran Pham Le Hoang Vu Chow Kwok""",
            "F": """Mei Ling Yan Hui Xin Jing Fang Ying Li Wei Siu Man Yuk Lan Thi Hoa Linh Huong
                Xiao Na Min Qing""",
            "M": """Wei Ming Jun Chi Kin Hao Lei Jian Kwok Tao Feng Bo Yong Cheng Van Minh Duc
                Hung Tuan Wai Man Kai""",
        },
        "west_african": {
            "last": """Okafor Adeyemi Okonkwo Adebayo Eze Balogun Afolabi Mensah Owusu Boateng
                Asante Osei Appiah Ojo Oladipo Nwosu Obi Bello Musa Kamara Sesay Conteh Bangura
                Agyeman Danso Addo Idowu Chukwu Onyeka Abiola""",
            "F": """Ngozi Chioma Funmilayo Abimbola Blessing Grace Patience Comfort Abena Akosua
                Adwoa Efua Yetunde Folake Amaka Ifeoma Mariama Isatu Temitope Ebere Joy Mercy""",
            "M": """Chinedu Emeka Oluwaseun Adewale Babatunde Kwame Kofi Kwabena Yaw Kojo Samuel
                Emmanuel Tunde Femi Ikenna Obinna Ibrahim Mohamed Ayodele Segun Daniel Joseph""",
        },
        "east_african": {
            "last": """Mohamed Ali Hassan Abdi Omar Ahmed Farah Yusuf Ibrahim Osman Warsame Jama
                Hussein Nur Aden Tesfaye Haile Gebre Bekele Tekle Mehari Okello Mugisha Wanjiru
                Kamau Isse Salad Elmi""",
            "F": """Hodan Fadumo Amina Halima Khadra Sahra Ayan Hibo Nimo Fartun Deqa Selam Hiwot
                Bethlehem Tigist Rahel Zamzam Ifrah Asha Grace Wanjiku Muna""",
            "M": """Abdi Mohamed Abdullahi Hassan Omar Ahmed Ismail Mahad Liban Yonis Bashir Dawit
                Samuel Yohannes Abel Solomon Brian Moses Abdirahman Guled Said Khalid""",
        },
        "caribbean": {
            "last": """Campbell Brown Williams Grant Clarke Gordon Francis Henry Morrison Bailey
                Reid Thompson Powell Lewis Edwards Samuels Joseph Charles Pinnock Bryan Dacosta
                Blake Baptiste Pierre Sinclair Mccalla""",
            "F": """Marcia Sonia Yvonne Beverley Angela Michelle Natasha Simone Shanice Aaliyah
                Keisha Monique Jasmine Tanisha Chantelle Claudette Hyacinth Leonie Precious
                Amara""",
            "M": """Winston Delroy Errol Leroy Clive Anthony Marlon Darren Marcus Jermaine Tyrone
                Andre Malachi Isaiah Kieron Dwayne Jerome Devon Nathaniel Elijah""",
        },
        "middle_eastern": {
            "last": """Hassan Ali Ahmadi Mohammadi Karimi Hosseini Rahimi Ibrahim Khalil Saleh
                Mahmoud Yilmaz Demir Kaya Sahin Aziz Rostami Noori Haddad Mansour Najjar Amiri
                Salih Kareem Rasul Hamid""",
            "F": """Fatemeh Maryam Zahra Leila Nour Rania Sara Hana Amal Layla Shirin Nasrin
                Soraya Elif Zeynep Ayse Rojin Shilan Dalia Samira Yasmin Parisa""",
            "M": """Mohammad Ali Reza Hassan Omar Khalid Ahmad Mehdi Hamid Karim Mustafa Mehmet
                Emre Karwan Rebaz Samir Tarek Bassam Yousef Amir Farid Nabil""",
        },
    }
)

# Groups in the order of settings.GROUPS, each with the pools of its families.
GROUP_POOLS: tuple[Mapping[str, float], ...] = (
    {"british": 0.94, "eastern_european": 0.06},
    {"south_asian_muslim": 0.46, "south_asian_hindu_sikh": 0.40, "chinese": 0.14},
    {"west_african": 0.45, "east_african": 0.20, "caribbean": 0.35},
    {"british": 0.62, "caribbean": 0.18, "south_asian_muslim": 0.10, "west_african": 0.10},
    {"middle_eastern": 0.60, "british": 0.15, "chinese": 0.10, "eastern_european": 0.15},
)

_NICKNAMES = """
    Katherine:Kate Catherine:Cathy Elizabeth:Liz Margaret:Maggie William:Bill Robert:Bob
    Richard:Dick James:Jim Thomas:Tom Christopher:Chris Michael:Mike Anthony:Tony Edward:Ted
    Andrew:Andy Stephen:Steve Steven:Steve David:Dave Daniel:Dan Matthew:Matt Joseph:Joe
    Samuel:Sam Benjamin:Ben Alexander:Alex Nicholas:Nick Philip:Phil Kenneth:Ken Ronald:Ron
    Raymond:Ray Gordon:Gord Frederick:Fred Albert:Bert Charles:Charlie Patricia:Pat Susan:Sue
    Christine:Chris Jacqueline:Jackie Deborah:Debbie Jennifer:Jenny Victoria:Vicky Rebecca:Becky
    Samantha:Sam Stephanie:Steph Natasha:Tash Abigail:Abi Katarzyna:Kasia Agnieszka:Aga
    Malgorzata:Gosia Aleksandra:Ola Mohammed:Mo Abdullahi:Abdi Isabella:Bella Amelia:Millie
    Theodore:Theo Eleanor:Ellie Jonathan:Jon Timothy:Tim Gillian:Jill Pamela:Pam Barbara:Barb
    Angela:Angie Amanda:Mandy Michelle:Shell Harpreet:Harry Gurpreet:Preet Oluwaseun:Seun
    Temitope:Temi Babatunde:Tunde
"""
NICKNAMES: Mapping[str, str] = MappingProxyType(
    dict(pair.split(":", 1) for pair in _NICKNAMES.split())
)

_VARIANTS = """
    Mohammed:Muhammad/Mohamed/Mohammad/Mohamad Mohamed:Mohammed/Muhammad
    Mohammad:Mohamad/Muhammad Hussain:Hussein/Hossain/Husain Hussein:Hussain/Xuseen
    Ahmed:Ahmad/Axmed Ahmad:Ahmed Yusuf:Yousuf/Yusef/Yuusuf Yousaf:Yusuf Abdi:Cabdi Ali:Aly/Cali
    Omar:Umar/Cumar Osman:Usman/Cismaan Farah:Faarax Hassan:Hasan/Xasan Aisha:Ayesha/Aysha
    Ayesha:Aisha Fatima:Fatema/Fathima Fatemeh:Fatima Zainab:Zaynab Khadija:Khadijah/Kadija
    Maryam:Mariam/Meryem Begum:Begam Choudhury:Chowdhury/Chaudhury Chowdhury:Choudhury
    Chaudhry:Choudhry/Chaudhary Rahman:Rehman Rehman:Rahman Sheikh:Shaikh
    Siddique:Siddiqui/Sadiq Uddin:Udin Miah:Mia Khatun:Khatoon Qureshi:Quraishi Patel:Patil
    Singh:Sing Sharma:Sarma Kaur:Kour Chauhan:Chohan Nguyen:Nguyan/Ngyuen Wong:Wang Cheung:Zhang
    Leung:Liang Kowalski:Kowalska Wisniewski:Wisniewska Lewandowski:Lewandowska
    Kaminski:Kaminska Ionescu:Yonescu Wojcik:Woycik Abdullahi:Cabdullaahi
    Ibrahim:Ebrahim/Ibraahim Ismail:Ismaaciil Hamid:Hameed Karim:Kareem Kareem:Karim
    Khalid:Khaled Yousef:Yusuf Mahmood:Mahmoud Mahmoud:Mahmood Nour:Noor Nur:Noor Layla:Leila
    Leila:Layla Amina:Aminah Zahra:Zehra Hussaini:Hosseini Hosseini:Husseini Oluwaseun:Olu-Seun
    Adeyemi:Adeyemo Chukwu:Chuku Tesfaye:Tesfay
"""
VARIANTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {pair.split(":")[0]: tuple(pair.split(":")[1].split("/")) for pair in _VARIANTS.split()}
)

# Pools in which a name's order or spelling is often changed by English-language forms.
ORDER_POOLS = frozenset(
    {
        "south_asian_muslim",
        "south_asian_hindu_sikh",
        "chinese",
        "east_african",
        "eastern_european",
    }
)
SPELLING_POOLS = ORDER_POOLS | {"west_african", "middle_eastern"}
ABROAD_POOLS = frozenset({"east_african", "middle_eastern", "south_asian_muslim"})

_STREET_WORDS = """
    Acacia Albert Alder Ash Aspen Baker Barley Beacon Beech Birch Bramble Bridge Brook Canal
    Castle Cedar Chapel Cherry Church Clover College Copper Cornfield Crown Dale Elm Fern Field
    Forge Foundry Fountain Garden Gladstone Grange Granary Harbour Hawthorn Hazel Heath Heron
    High Hill Holly Hope Ivy Jubilee Juniper Kestrel King Lark Laurel Lavender Lime Linden Lock
    Maple Market Meadow Mill Moor Nelson New North Oak Old Orchard Osprey Park Pine Poplar
    Primrose Prospect Quarry Queen Railway Ridge River Rope Rose Rowan Rush Saddler Sandy School
    South Spring Spruce Station Stone Swan Sycamore Tanner Thistle Tower Union Vale Victoria
    Walnut Water Weaver West Wharf Wheat Willow Windmill Wood Yew
"""
_STREET_KINDS = """
    STREET ROAD AVENUE CLOSE LANE DRIVE CRESCENT GROVE TERRACE WAY COURT GARDENS PLACE RISE
"""
STREET_WORDS = tuple(_STREET_WORDS.split())
STREET_KINDS = tuple(_STREET_KINDS.split())
COMPANIES = (
    "HARBOUR LETTINGS LTD",
    "MILL SIDE PROPERTIES LTD",
    "PRIORY HOMES LTD",
    "DALE ESTATES LLP",
    "NORTHFIELD LETTINGS LTD",
    "CANAL STREET LETTINGS LTD",
    "BEACON RENTALS LTD",
    "WHARF PROPERTY CO LTD",
)
