namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>What a reference is made of when nobody names texts: kinds of text on which encoders differ.</summary>
internal static class ReferenceTexts
{
    public static readonly IReadOnlyList<string> Queries =
    [
        "what is late interaction?",
        "how do I sort a list in Python",
        "",
        "?",
        "Zürich train timetable",
        "the capital of France, and of Germany",
        "日本語の検索エンジン",
        "emoji 🙂 and 👩‍👩‍👧‍👦 in a query",
        "a question that goes on and on until it has more tokens than a query may have, since somebody pasted a paragraph instead of "
            + "asking something short",
        "IS IT CASE SENSITIVE",
    ];

    public static readonly IReadOnlyList<string> Documents =
    [
        "Paris is the capital of France, and Berlin is the capital of Germany.",
        "Late interaction keeps a vector for each token; a query's tokens look for their best matches.",
        "",
        "   blanks around it\t\n",
        "!!! ... ???",
        "def sort(items): return sorted(items, key=lambda x: x[0])",
        "Ein Satz auf Deutsch: Straße, Äpfel, Öl.",
        "Ὀδυσσεὺς и другие: мир, 世界, שלום",
        "A list:\n- one\n- two\n- three\n",
        "emoji 🙂 👩‍👩‍👧‍👦 🇫🇷 and a cafe\u0301 beside a café",
        "Numbers: 3.14159, 1,000,000, 1e-5, 50 %, £20, #42.",
        Long,
    ];

    // Longer than the limits of most models, and no sentence of it twice.
    private const string Long = """
        A harbour town wakes long before its visitors do. The first boats come back while the street lamps still burn, and the gulls know it: they wait on
        the roof of the auction hall, in rows, like an audience. Crates slide over wet concrete, numbers are called, and within an hour the catch is sold,
        iced and on the road. Then the bakers open. The smell of rye and cardamom walks up the hill, past the school, past the old rope factory that is a
        library now, as far as the lighthouse, where nobody lives any more but where somebody still paints the door each spring. By noon the sun has dried
        the quay. Children sell lemonade to cyclists; a man repairs a net and talks about the winter of 1987, when the bay froze so hard that a lorry could
        drive to the island. Not everyone believes him. His granddaughter, who studies glaciers, has looked it up: the ice was forty-one centimetres thick,
        and the lorry carried potatoes. In the afternoon wind comes from the west and with it the regatta, forty white triangles that lean, turn around a
        yellow buoy and lean the other way. The judges use binoculars and a tablet computer, but the result is shouted across the water as it has been for
        a century. Evening brings the ferry, late as usual. Tourists step off with folding maps and phones, looking for the restaurant that was in a film;
        it closed years ago, and the bookshop in its place sells a postcard of it. Somebody tunes a violin above the pharmacy. The tide turns, ropes
        tighten and creak, and one by one the windows along the front go dark, until only the beacon is left: two flashes, a pause, two flashes again.
        Fishermen say that you can hear the difference between a falling barometer and a rising one if you sleep with the window open, and that the harbour
        itself breathes. Scientists from the institute put a microphone under the pier last summer. What it recorded was mostly shrimp, a crackling like
        frying butter, and every few hours, from far outside, the long low note of a ship that was going somewhere else.
        """;
}
