"""The demo clinic's invented people: what they are called, and where they are said to live.

Surnames out of storybooks beside names from many countries, so that nobody takes the demo for a real
practice while search, sorting and printing meet every shape a name has: accents, hyphens, two
letters, apostrophes, particles, and some longer than any column.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Names that go together; `weight` is how many of a hundred households bear them."""

    weight: int
    families: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    language: str = "en"


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


STORYBOOK = Origin(
    42,
    _words(
        "Applewhite Ashgrove Barleycorn Bellweather Birdsong Blackthistle Bramblewood Brightwater"
        " Buttercroft Candlewick Cloverfield Copperfen Cottonwood Dapplemere Dewberry Dovetail"
        " Elderflower Everbright Fablewright Fairweather Featherstone Fernsby Fiddlesticks"
        " Foxglove Gladwyn Goosefeather Greenbough Halfpenny Harbottle Hawksworthy Hazelnut"
        " Heatherly Hollyoak Honeychurch Icicle Inkwell Ivybridge Juniper Kettlewell Kingfisher"
        " Larkspur Lavender Littlejohn Longbottom Lovelace Maplethorpe Marigold Meadowsweet"
        " Merriweather Mistletoe Moonbeam Mossgrove Nightingale Nutmeg Oakapple Oddfellow"
        " Orchard Overhill Paperwhite Peppercorn Periwinkle Pettigrew Pinecone Plumtree"
        " Quillfeather Quince Rainbird Ravenscroft Redfern Rosewater Rushlight Sandpiper"
        " Silverlake Skylark Snowdrop Songbird Sparrowhawk Starling Stonecrop Summerfield"
        " Sweetapple Tanglewood Thimbleby Thistledown Thornbury Toadflax Treacher Tumbleweed"
        " Underhill Violet Wagtail Waterlily Weatherby Whistlewood Wildgoose Willowby Winterbourne"
        " Woodbine Wren Yarrow Yellowley Zephyr"
    ),
    _words(
        "Ada Agnes Alice Amelia Audrey Beatrice Bridget Cecily Charlotte Clara Cora Daisy Dorothy"
        " Edith Eleanor Elsie Emily Esther Evelyn Faye Flora Frances Georgia Grace Hannah Harriet"
        " Hazel Helen Ida Iris Ivy Jane Josephine Judith June Lillian Lucy Mabel Margaret Martha"
        " Matilda Mildred Nell Nora Olive Pearl Penelope Phoebe Rose Ruth Sadie Stella Susannah"
        " Sylvia Theodora Ursula Vera Viola Winifred Zelda"
    ),
    _words(
        "Abel Albert Alfred Ambrose Archibald Arthur Barnaby Basil Benedict Bertram Caleb Cecil"
        " Clarence Cornelius Cyril Desmond Digby Edgar Edmund Ernest Felix Francis Frederick"
        " George Gilbert Gregory Harold Henry Horace Hugh Isaac Jasper Jonah Julian Laurence"
        " Leopold Lionel Luther Magnus Mortimer Nathaniel Neville Oliver Oscar Percival Quentin"
        " Ralph Reginald Rufus Rupert Samuel Sebastian Silas Stanley Theodore Thaddeus Tobias"
        " Victor Walter Wilfred"
    ),
)
ORIGINS = (
    STORYBOOK,
    Origin(
        12,
        _words(
            "Abrego_Inventado Almeida-Cuento Álvarez_del_Sol Beltrán Cárdenas-Nieve Castañeda"
            " Domínguez Echeverría Fuentes-Alegre Gómez Ibáñez Jiménez_de_la_Luna Luján Marroquín"
            " Muñoz Núñez Ordóñez Peñaloza Quiñones de_la_Cruz de_los_Ríos Rincón Sepúlveda"
            " Treviño Urrutia Velázquez Yáñez Zúñiga Fernández-Villavicencio_y_Montenegro"
        ),
        _words(
            "Alejandra Ana_María Beatriz Concepción Dolores Esperanza Guadalupe Inés Itzel Lucía"
            " Luz María_José Marisol Mónica Noemí Paz Pilar Rocío Sofía Ximena"
        ),
        _words(
            "Adrián Álvaro Andrés César Diego Emiliano Fermín Germán Ignacio Íñigo Jesús José"
            " Joaquín Juan_Pablo Martín Óscar Raúl Sebastián Tomás Ulises"
        ),
        "es",
    ),
    Origin(
        8,
        _words("Ng Wu Li Xu Ho Lu Ma Hu Yu Bo Fu Gu Zhu Chen Huang Zhao Ouyang Szeto Tse Kwok"),
        _words("Mei Li-Hua Xiu Ying Lan Hui Fang Jing Yan Qing Grace Vivian Mei-Ling Ai Xiaoyan"),
        _words("Wei Jun Ming Hao Lei Bo Chao Kai Peng Tao Yi Zhen Kevin Wing-Kei Xiaoming"),
        "zh",
    ),
    Origin(
        6,
        _words("Lê Đỗ Vũ Võ Hồ Lý Đặng Bùi Trần Phạm Nguyễn Huỳnh Dương Tôn-Nữ"),
        _words("Anh Bích Châu Diễm Hạnh Hương Lan Linh Mỹ Ngọc Phương Quỳnh Thảo Tuyết Vân"),
        _words("An Bảo Cường Đức Dũng Hải Hùng Khánh Long Minh Nam Phúc Quân Sơn Tuấn"),
        "vi",
    ),
    Origin(
        6,
        _words(
            "Acharya Banerjee Chandrasekaran Deshpande Ghosh Iyer Jayaraman Kulkarni Mukherjee"
            " Nair Patil Raghunathan Rao Sen Subramanian Venkataraghavan Yadav Wickramasinghe"
        ),
        _words("Aditi Ananya Deepa Geetha Indira Kavya Lakshmi Meera Nandini Priya Radha Shreya"),
        _words("Aarav Arjun Dev Ganesh Hari Ishaan Kiran Mohan Nikhil Rohan Sanjay Vikram"),
        "hi",
    ),
    Origin(
        5,
        _words(
            "al-Rashidi Abdulqadir Ben_Youssef Bint_Saleh El-Amrani Farahani Haddad Ibn-Khalid"
            " Khoury Mansour Nasser Qureshi Shirazi Tabrizi Yıldız Çelik Öztürk Şahin"
        ),
        _words("Aisha Amina Ayşe Dalia Fatima Hanan Leïla Mariam Noor Rania Samira Zahra"),
        _words("Ahmed Bilal Emre Farid Hakim Idris Karim Mehmet Omar Rashid Tariq Yusuf"),
        "ar",
    ),
    Origin(
        5,
        _words(
            "Błaszczykowski Brzęczyszczykiewicz Dąbrowska-Lis Grześkowiak Łukasik Szczepański"
            " Świątek Żuraw Čapek Dvořák Hašek Krejčí Nováková Řezníček Štěpánek Žižka Đurić"
            " Horvatić Kovačević Szabó Kőrösi Tóth Petrov Zaytseva Shevchenko"
        ),
        _words("Agnieszka Bożena Eliška Halina Ivana Jadwiga Katarzyna Ludmila Małgorzata Olha"),
        _words("Bohdan Cyprian Grzegorz István Jiří Kazimierz Łukasz Marek Ondřej Stanisław"),
        "pl",
    ),
    Origin(
        5,
        _words(
            "Adebayo Afolabi Asante Chukwuemeka Diallo Eze Gebremariam Ifeanyi Kamau Mbeki"
            " Mwangi Ndiaye Nkemelu Okonkwo-Bell Olatunji Oyelaran Sesay Tesfaye Wanjiru"
        ),
        _words("Abeni Adaeze Chiamaka Efua Folake Hawa Imani Kemi Makena Ngozi Nia Zainab"),
        _words("Ade Amadou Chidi Emeka Femi Jabari Kofi Kwame Nnamdi Obinna Sekou Tunde"),
    ),
    Origin(
        4,
        _words(
            "O’Dandelion O’Brackenbury O’Shaughnessy McThistle MacGillicuddy Ní_Bhriain"
            " Fitzwilliam St._Clover D’Arcy L’Heureux Côté Desrosiers-Bélanger Lefèvre Saint-Exemple"
        ),
        _words("Aoife Brigid Ciara Deirdre Éilis Geneviève Héloïse Máire Niamh Noëlle Siobhán"),
        _words("Aodhán Cillian Declan Étienne François Jérôme Niall Oisín Pádraig Rory Séamus"),
    ),
    Origin(
        4,
        _words(
            "van_der_Bloem van_den_Heuvel ter_Molen von_Apfelbaum Müller-Lüdenscheidt Größ"
            " Schönfeld Weißhaupt Bjørnstad Ødegård Ångström Sjöberg Þórsdóttir Jónsson Kjærgaard"
        ),
        _words("Anneliese Astrid Björk Freya Gudrun Ingrid Katrín Liesbeth Solveig Ulrike Ylva"),
        _words("Anders Bjørn Dirk Günther Håkon Jörg Lars Ólafur Pieter Sören Willem"),
    ),
    Origin(
        2,
        _words(
            "Kim Oh Noh Seong-Park Watanabe-Storyteller Ōta Hoshizora Kealoha Kahananui"
            " Phanthavong-Srisuwannaphum Rakotomalala-Andriamanantena Papadimitrakopoulou"
            " Wolkenkuckucksheimer-Sternenfänger"
        ),
        _words("Eun-ji Haruka Ji-woo Kalani Leilani Malia Min-seo Niran Sakura Yuki"),
        _words("Dae-jung Hiroshi Ji-ho Kai Keoni Koa Min-jun Ren Somchai Takumi"),
        "ko",
    ),
    Origin(1, _words("Fox Ash Day May Ives Low Rue Poe"), _words("Bo Jo Di Kit"), _words("Al Cy Ty Ed")),
)  # fmt: skip

# Said instead of the given name by those who have such a one.
NICKNAMES = {
    "Margaret": "Peggy", "Elsie": "Ell", "Penelope": "Penny", "Josephine": "Jo", "Theodora": "Thea",
    "Beatrice": "Bea", "Winifred": "Winnie", "Frances": "Frankie", "Harriet": "Hattie",
    "Archibald": "Archie", "Frederick": "Fred", "Nathaniel": "Nat", "Theodore": "Teddy",
    "Reginald": "Reg", "Samuel": "Sam", "Sebastian": "Bas", "Guadalupe": "Lupe", "José": "Pepe",
    "Concepción": "Concha", "Małgorzata": "Gosia", "Katarzyna": "Kasia", "Xiaoming": "Simon",
    "Xiaoyan": "Sharon", "Wing-Kei": "Ricky", "Ignacio": "Nacho", "Alejandra": "Ale",
}  # fmt: skip

TOWN, STATE, ZIP = "Larkhaven", "MA", "05555"  # neither the town nor its ZIP code exists
VILLAGES = (("Larkhaven", "05555"), ("Larkhaven", "05556"), ("Thistle Falls", "05558"),
            ("Old Marrow", "05559"), ("East Inkwell", "05561"), ("Quillport", "05563"))  # fmt: skip
STREETS = tuple(
    f"{name} {kind}"
    for name in _words(
        "Acorn Bramble Candle Dandelion Elm Feather Goldfinch Harbor Inkpot Jackdaw Kite Lantern"
        " Mulberry Needle Owl Pumpkin Quill Robin Sycamore Thimble Umbrella Velvet Whistle Yarn"
    )
    for kind in ("Street", "Lane", "Avenue", "Court")
)
# 555-0100 to 555-0199 is kept free for stories in every area; these areas lie around the town.
AREA_CODES = (617, 508, 413, 781, 978, 774, 857, 339, 351, 603, 401, 203, 860, 475, 959, 207, 802,
              518, 845, 914, 212, 315, 332, 347, 516, 585, 607, 631, 646, 716, 718, 917)  # fmt: skip
EMPLOYERS = ("Larkhaven Public Schools", "Quillport Ferry Company", "Inkwell Press",
             "Old Marrow Orchards", "Thistle Falls Mill", "Harbor Lantern Works")  # fmt: skip
