using ColbertOnnx.Text;

namespace ColbertOnnx.Pipeline;

/// <summary>
/// docs/semantics.md, rules 1 to 3: the prompt goes in front, blanks at the ends go (not in sentence-transformers 6), and some models want
/// lower case. One for each lane.
/// </summary>
internal sealed class TextPreparation(string prompt, bool lowerCase, bool strip = true)
{
    private string front = "";
    private int givenLength;
    private int shift;
    private int[] inserted = [];
    private int insertedCount;

    /// <summary>The text as the tokenizer gets it.</summary>
    /// <param name="text">The text as it was given.</param>
    /// <param name="other">Goes in front of this text instead of the prompt; null: the prompt.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: half of a surrogate pair, which no encoding of Unicode
    /// can hold.</exception>
    public ReadOnlySpan<char> Prepare(ReadOnlySpan<char> text, string? other = null)
    {
        LoneSurrogates.Refuse(text);
        front = other ?? prompt;
        givenLength = text.Length;
        insertedCount = 0;

        ReadOnlySpan<char> whole = front.Length == 0 ? text : string.Concat(front, text);
        ReadOnlySpan<char> stripped = strip ? PythonText.Strip(whole) : whole;
        whole.Overlaps(stripped, out int start);
        shift = start - front.Length;
        if (!lowerCase) return stripped;

        string lowered = PythonText.Lower(stripped.ToString());
        if (lowered.Length != stripped.Length) NoteInsertions(stripped);
        return lowered;
    }

    /// <summary>
    /// A range of the prepared text as a range of the given one, both in UTF-16 units; (0, 0) for what lies in the prompt.
    /// </summary>
    public (int Start, int End) ToGiven((int Start, int End) range)
    {
        int start = range.Start - CountBelow(range.Start + 1) + shift;
        int end = range.End - CountBelow(range.End) + shift;
        return end <= 0 ? (0, 0) : (Math.Max(start, 0), Math.Min(end, givenLength));
    }

    // One character has a lower case of two units, U+0130 as "i" and U+0307; every other keeps its number of units.
    private void NoteInsertions(ReadOnlySpan<char> stripped)
    {
        for (int i = 0; i < stripped.Length; i++)
        {
            if (stripped[i] != '\u0130') continue;
            if (insertedCount == inserted.Length) Array.Resize(ref inserted, Math.Max(16, insertedCount * 2));
            inserted[insertedCount] = i + insertedCount + 1;
            insertedCount++;
        }
    }

    private int CountBelow(int position)
    {
        if (insertedCount == 0) return 0;
        int index = Array.BinarySearch(inserted, 0, insertedCount, position);
        return index < 0 ? ~index : index;
    }
}
