"""What speaks for a language: its letters beyond a to z, and its most usual words."""

from __future__ import annotations

# language: its letters beyond a to z, in other scripts all of them and the most usual first; its most usual words
WESTERN = {
    "English": (
        "éèêëàâçñöüïôóáíæœ",
        "the of and to in a is that for it was as with on be by this are not from at have",
    ),
    "French": (
        "éèêëàâçîïôûùüœæÿ",
        "de la le et les des en un une du dans est que qui par pour sur au il ne pas plus à été ses son sa aux ce "
        "avec sont être toute tout personne où d l s qu c n",
    ),
    "German": (
        "äöüßé",
        "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus "
        "er hat daß dass sie nach wird bei einer um am über jeder recht zum zur oder können müssen",
    ),
    "Spanish": (
        "áéíóúñü",
        "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha persona "
        "derecho toda tiene sin sobre este entre cuando muy años también está",
    ),
    "Portuguese": (
        "áâãàçéêíóôõúü",
        "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou "
        "quando muito nos já eu também só pelo pela até isso são pessoa direito",
    ),
    "Italian": (
        "àèéìíòóù",
        "di e il la che in un a per è una non sono con del della i le si da al dei nel alla anche come più o ma "
        "ha lo gli delle dell l individuo diritto ogni suo sua essere può",
    ),
    "Dutch": (
        "éëïóöüèê",
        "de van het een en in is dat op te zijn met voor niet aan er die ook als door of om recht bij",
    ),
    "Swedish": (
        "åäöé",
        "och i att det som en på är av för med den till inte har de om ett han var sin rätt eller från",
    ),
    "Danish": (
        "æøåéö",
        "og i at det er en til af for på de den der med som ikke har et om ved ret eller fra sin enhver",
    ),
    "Norwegian": (
        "æøåéòô",
        "og å i det er som en på til av for at med de har den ikke et om seg rett eller fra enhver",
    ),
    "Finnish": (
        "äöå",
        "ja on ei että se oli hän olla mutta kuin niin joka myös tai sekä jokaisella oikeus ovat ole",
    ),
    "Icelandic": (
        "áðéíóúýþæö",
        "og að í á sem er til við um með af fyrir það ekki eru hver maður skal eða rétt hann",
    ),
    "Catalan": (
        "àçèéíïòóúü",
        "de la i que el en a les per del amb no un una els és al dels o tota persona té dret d l",
    ),
    "Irish": (
        "áéíóú",
        "an na ag is ar a go do le i agus bhí sé gach aon chun duine ceart nó de",
    ),
    "Basque": (
        "ñçü",
        "eta da ez du bat ere edo dira izan eskubidea gizon guztiek",
    ),
    "Afrikaans": (
        "êëéôèáïîûúýöó",
        "die van en in het is om te nie met vir dat wat op ’n elkeen reg of",
    ),
    "Estonian": (
        "äöõüšž",
        "ja on ei et see ka oma kui või igal inimesel õigus mis ta tema ning iga",
    ),
}
CENTRAL = {
    "Polish": (
        "ąćęłńóśźż",
        "w i na z do nie się jest to że o jak a po za od ma prawo lub przez oraz każdy człowiek są być dla jego "
        "ze może pod tym",
    ),
    "Czech": (
        "áčďéěíňóřšťúůýž",
        "a v na se že je s z do o k i by za jako má každý právo nebo pro jeho ve při podle být není které která aby",
    ),
    "Slovak": (
        "áäčďéíĺľňóôŕšťúýž",
        "a v na sa že je s z do o k i za ako má každý právo alebo pre jeho vo pri podľa byť nie ktoré ktorá aby",
    ),
    "Hungarian": (
        "áéíóöőúüű",
        "a az és hogy nem is egy van ez de meg csak már minden joga vagy személynek személy kell való el más",
    ),
    "Romanian": (
        "ăâîşţșțé",
        "de și şi în a la cu că nu o un pe să din este care mai sau are orice dreptul pentru lui prin al fi sale",
    ),
    "Croatian": (
        "čćđšž",
        "i u na je da se za od su s o ne kao ima svatko pravo ili koji koje po biti svoje njegov",
    ),
    "Slovenian": (
        "čšž",
        "in v je na da se za so s ne z ki pa kot ima vsakdo pravico ali po biti svoje do",
    ),
}
TURKISH = {
    "Turkish": (
        "çğıöşüâî",
        "ve bir bu da de için ile olarak her çok daha o en ne gibi kadar şahsın hakkı hakkına veya hak olan değil "
        "ya vardır sahip ki bütün ana karşı herkes kimse hiç tam sonra göre üzere tarafından bunun olmak olup "
        "eden",
    ),
}
BALTIC = {
    "Lithuanian": (
        "ąčęėįšųūž",
        "ir kad yra į tai su iš kaip bet o apie jo ar teisę turi kiekvienas žmogus būti ne visi",
    ),
    "Latvian": (
        "āčēģīķļņšūž",
        "un ir ka ar no par uz tas arī kā bet viņa vai tiesības cilvēkam katram lai ne būt visi",
    ),
    "Estonian": (
        "äöõüšž",
        "ja on ei et see ka oma kui või igal inimesel õigus mis ta tema ning iga",
    ),
}
CYRILLIC = {
    "Russian": (
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        "и в не на я что с он а как это по но из у за от то для или право человек имеет каждый его быть при все",
    ),
    "Ukrainian": (
        "оаниітвреслкудмпязьгбчхйїєжшюцщфґ",
        "і в не на що з та до у як це за про від для або право людина має кожна її бути при всі його й є",
    ),
    "Bulgarian": (
        "аоиетнрсвлкдпмзъугбчщяйцжшхфюь",
        "и на да в се за от че не с по е са това как или всеки човек има право си към като който без при",
    ),
    "Serbian": (
        "аоиентсрвјукдмплзгбћчцшжхљњђфџ",
        "и у је да се на за су од не са као има свако право или што по бити",
    ),
    "Belarusian": (
        "анірытсоевлдкумпязьбгчўшхцжйюэёф",
        "і ў не на з што да у як гэта за па ад для або права чалавек мае кожны быць яго пры усе",
    ),
}
GREEK = {
    "Greek": (
        "αοιετνσηυρπκμλςίόδάγέήθφχύώβζξψϊϋΐΰ",
        "και το του η να της την με που για οι στην από των στο τα δεν είναι ότι στα σε ή κάθε δικαίωμα τον έχει",
    ),
}
HEBREW = {
    "Hebrew": (
        "יוהלאתבשרמנםחעקדפגטןצסכךזףץ",
        "של את על לא אל זה כל גם או עם אדם זכות הוא כי יש אם לכל ובין",
    ),
}
ARABIC = {
    "Arabic": (
        "اليمنوترهبدعسفقكةحجشطصخأضءىإذغثئظآؤ",
        "في من على أن إلى عن لا ما هذا كل أو حق شخص لكل التي له مع الحق",
    ),
    "Persian": (
        "اینردهمتوبسشدکگلزقفحجخعطصپچثضظذغژءئآ",
        "و در به از که را این با هر حق کس دارد است یا برای آن خود شود",
    ),
}
VIETNAMESE = {
    "Vietnamese": (
        "àáâãèéêìíòóôõùúýăđĩũơư\u0300\u0301\u0303\u0309\u0323",
        "và của là có được cho không trong một các với người quyền mọi này những ai đều hay bất về",
    ),
}
THAI = {
    "Thai": (
        "านรอกเงมยลวดทสตะปบคหแจพชขใไโผซธณศฐถญภฎฏฆษฟฉฝฬฮ่้็ิีืุูัำๆ์",
        "",
    ),
}
# what texts in these languages are found in, the most usual first
ENCODINGS = [
    ("cp1252 iso8859_15 mac_roman cp850", WESTERN),
    ("cp1250 iso8859_2 cp852", CENTRAL),
    ("cp1254 iso8859_9", TURKISH),
    ("cp1257", BALTIC),
    ("cp1251 koi8_u koi8_r cp866 iso8859_5 mac_cyrillic", CYRILLIC),
    ("cp1253 iso8859_7", GREEK),
    ("cp1255", HEBREW),
    ("cp1256 iso8859_6", ARABIC),
    ("cp1258", VIETNAMESE),
    ("cp874", THAI),
]
# the characters that make up two fifths of a running text
CHINESE = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种"
    "面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本"
    "去把性好应开它合还因由其些然前外天政四日那社义事平权利任何宣言"
)
TRADITIONAL = frozenset(
    "的一是不了人我在有他這為之大來以個中上們到說國和地也子時道出而要於就下得可你年生自會那後能對著事其裡"
    "所去行過家十用發天如然作方成者多日都三小軍二無同麼經法當起與好看學進種將還分此心前面又定見只主沒公從"
    "權利由任何宣言應享"
)
JAPANESE = frozenset(
    "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先"
    "名川千水半男西電校語権利由自者会法他何及有"
)
KOREAN = frozenset(
    "이다는을의에가고한하지은를도로기사자리시인어대서해나수아정그부일전제주장보상구성여원만들조소동유안신"
    "스과와된며할있없권람모든"
)
ASIAN = {
    "cp932": ("Japanese", JAPANESE),
    "euc_jp": ("Japanese", JAPANESE),
    "gb18030": ("Chinese", CHINESE),
    "big5hkscs": ("Traditional", TRADITIONAL),
    "cp949": ("Korean", KOREAN),
}
