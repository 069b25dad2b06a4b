namespace ColbertOnnx.Export;

/// <summary>Texts that a written model is checked with: short and long, several scripts, code, numbers, hardly anything.</summary>
internal static class VerificationTexts
{
    public static IReadOnlyList<string> Queries { get; } =
    [
        "How does late interaction compare two texts?",
        "rust memory leak async",
        "Wie viele Einwohner hat Köln?",
        "東京の人口",
        "?",
    ];

    public static IReadOnlyList<string> Documents { get; } =
    [
        "Late interaction keeps a vector for each token. A query token looks for its best match among the tokens of a document, and the "
            + "sum of these matches is the score.",
        "The ferry leaves the island at half past six, calls at two villages on the north shore and reaches the harbour before dark, "
            + "unless the wind turns west and the captain waits.",
        "def mean(values):\n    total = 0.0\n    for value in values:\n        total += value\n    return total / max(len(values), 1)  "
            + "# empty lists give 0",
        "Im Jahr 1887 wurden 12.345 Tonnen Roggen verladen; 1888 waren es nur noch 9.870, und danach fuhr kein Schiff mehr.",
        "Столица Франции — Париж. 巴黎是法国的首都。 عاصمة فرنسا هي باريس",
        "🙂 ok",
        "A glacier is a river of ice. Snow that outlives many summers is pressed into ice by the snow above it, and once it is thick "
        + "enough it flows downhill under its own weight, a few "
        + "centimetres a day at most. It carries stones on its back and under its belly, planes the rock below, and lays the stones "
        + "down in long ridges where it melts. Such ridges, far from any "
        + "ice of today, told the first geologists that the valleys of their villages had once been filled to the rim, and boulders of "
        + "foreign stone in the fields told them how far the ice had come.",
    ];
}
