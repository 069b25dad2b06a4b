namespace ColbertOnnx.Tools;

/// <summary>
/// The sets that tokenizers ask for, each of the version that the part of tokenizers behind it was built with:
/// five bits of general category and a bit for each set. UnicodeData of the library has the same numbers.
/// </summary>
internal static class PropertyTables
{
    // In the order of System.Globalization.UnicodeCategory.
    private static readonly string[] Categories =
    [
        "Uppercase_Letter", "Lowercase_Letter", "Titlecase_Letter", "Modifier_Letter", "Other_Letter",
        "Nonspacing_Mark", "Spacing_Mark", "Enclosing_Mark", "Decimal_Number", "Letter_Number", "Other_Number",
        "Space_Separator", "Line_Separator", "Paragraph_Separator", "Control", "Format", "Surrogate", "Private_Use",
        "Connector_Punctuation", "Dash_Punctuation", "Open_Punctuation", "Close_Punctuation", "Initial_Punctuation",
        "Final_Punctuation", "Other_Punctuation", "Math_Symbol", "Currency_Symbol", "Modifier_Symbol", "Other_Symbol", "Unassigned",
    ];

    public static void Write(string path, CharacterDatabase v8, CharacterDatabase v9, CharacterDatabase v16, CharacterDatabase v17)
    {
        var values = new ushort[CharacterDatabase.CodePoints];
        for (int category = 0; category < Categories.Length; category++)
            Add(values, category, v16.Set("General_Category/" + Categories[category]));
        Add(values, 1 << 5, v8.Set("General_Category/Punctuation"));
        Add(values, 1 << 6, v8.Union("General_Category/Control", "General_Category/Format", "General_Category/Private_Use"));
        Add(values, 1 << 7, v8.Set("General_Category/Nonspacing_Mark"));
        Add(values, 1 << 8, v9.Set("General_Category/Mark"));
        Add(values, 1 << 9, v17.Set("Binary_Property/White_Space"));
        Add(values, 1 << 10, v17.Set("General_Category/Number"));
        Add(values, 1 << 11, v17.Set("Binary_Property/Alphabetic"));
        Add(values, 1 << 12, v16.Set("Binary_Property/Join_Control"));
        Add(values, 1 << 13, v16.Set("Binary_Property/Alphabetic"));
        Add(values, 1 << 14, v16.Set("Binary_Property/Uppercase"));
        Add(values, 1 << 15, v16.Set("Binary_Property/Lowercase"));
        using var writer = new TableWriter(path);
        writer.Trie(values);
    }

    private static void Add(ushort[] values, int bits, bool[] set)
    {
        for (int cp = 0; cp < set.Length; cp++)
        {
            if (set[cp])
                values[cp] |= (ushort)bits;
        }
    }
}
