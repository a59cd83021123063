import pytest

from transforms.language import detect_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The news agencies of the two countries signed a memorandum of cooperation in the capital."),
        ("ru", "Информационные агентства двух стран подписали в столице меморандум о сотрудничестве."),
        ("kk", "Екі елдің ақпарат агенттіктері астанада ынтымақтастық туралы меморандумға қол қойды."),
        ("ky", "Эки өлкөнүн маалымат агенттиктери борбор шаарда кызматташуу меморандумуна кол коюшту."),
        ("uz", "Ikki mamlakat axborot agentliklari poytaxtda hamkorlik toʻgʻrisidagi memorandumni imzoladi."),
        ("uz-Cyrl", "Икки мамлакат ахборот агентликлари пойтахтда ҳамкорлик тўғрисидаги меморандумни имзолади."),
        ("tg", "Агентиҳои иттилоотии ду кишвар дар пойтахт ёддошти тафоҳум оид ба ҳамкорӣ ба имзо расониданд."),
        ("tk", "Iki ýurduň habarlar gulluklary paýtagtda hyzmatdaşlyk hakynda ähtnama gol çekdiler."),
        ("tr", "İki ülkenin haber ajansları başkentte iş birliği mutabakat zaptı imzaladı."),
        ("zh", "两国通讯社在首都签署了合作备忘录,双方将交换新闻和记者。"),
        ("zh-Hant", "兩國通訊社在首都簽署了合作備忘錄,雙方將交換新聞和記者。"),
        ("zh", "两国通讯社今天签约"),
        (
            "kk-Latn",
            "Eki eldiñ aqparat agenttikteri astanada yntymaqtastyq turaly memorandumğa qol qoidy, dep habarlady.",
        ),
        ("az", "İki ölkənin xəbər agentlikləri paytaxtda əməkdaşlıq haqqında memorandum imzaladı."),
        (None, "12345 67890 — 2025"),
        (None, "Да."),
        (None, ""),
    ],
)
def test_language_by_the_text(language, text):
    assert detect_language(text) == language


def test_only_the_beginning_decides():
    beginning = "Информационные агентства двух стран подписали в столице меморандум. " * 8
    assert detect_language(beginning + "And then it goes on in English. " * 100) == "ru"
