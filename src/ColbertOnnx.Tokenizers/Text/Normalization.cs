namespace ColbertOnnx.Text;

/// <summary>
/// NFC, NFD, NFKC and NFKD with the changes that tokenizers' alignments are made of, as the crate
/// unicode-normalization-alignments 0.1.12 (Unicode 9.0) reports them.
/// </summary>
internal static class Normalization
{
    /// <summary>
    /// Puts the normalized text into <paramref name="output"/>, which is cleared first. False: the text is in this form
    /// already and nothing was written.
    /// </summary>
    public static bool Normalize(UnicodeForm form, ReadOnlySpan<int> input, CodePointBuffer output)
    {
        output.Clear();
        bool composes = form is UnicodeForm.Nfc or UnicodeForm.Nfkc;
        int i = 0;
        while (i < input.Length && IsUntouched(input[i], composes))
            i++;
        if (i == input.Length)
            return false;
        Decompose(input, form is UnicodeForm.Nfkc or UnicodeForm.Nfkd, output);
        if (composes)
            Compose(output);
        return true;
    }

    private static bool IsUntouched(int cp, bool composes) => cp < 0xA0
        || (NormalizationData.IsInert(cp) && (composes ? !NormalizationData.IsHangulTail(cp) : !NormalizationData.IsHangulSyllable(cp)));

    private static void Decompose(ReadOnlySpan<int> input, bool compatible, CodePointBuffer output)
    {
        Span<int> jamo = stackalloc int[3];
        int pending = 0; // where the starter stands whose marks are not sorted yet
        foreach (int cp in input)
        {
            if (cp < 0xA0)
            {
                Sort(output, pending);
                pending = output.Count;
                output.Add(cp, 0);
                continue;
            }
            ReadOnlySpan<int> parts = NormalizationData.IsHangulSyllable(cp)
                ? jamo[..NormalizationData.DecomposeHangul(cp, jamo)]
                : NormalizationData.Decomposition(cp, compatible);
            if (parts.IsEmpty)
            {
                jamo[0] = cp;
                parts = jamo[..1];
            }
            for (int i = 0; i < parts.Length; i++)
            {
                if (NormalizationData.CombiningClass(parts[i]) == 0)
                {
                    Sort(output, pending);
                    pending = output.Count;
                }
                output.Add(parts[i], i == 0 ? 0 : 1);
            }
        }
        Sort(output, pending);
    }

    // Stable, by combining class: the change of a mark travels with it.
    private static void Sort(CodePointBuffer buffer, int start)
    {
        int count = buffer.Count - start;
        if (count < 2)
            return;
        Span<int> marks = buffer.CodePoints[start..], changes = buffer.Changes[start..];
        if (count > 32)
        {
            SortLong(marks, changes);
            return;
        }
        for (int i = 1; i < count; i++)
        {
            (int mark, int change) = (marks[i], changes[i]);
            int order = NormalizationData.CombiningClass(mark), k = i;
            for (; k > 0 && NormalizationData.CombiningClass(marks[k - 1]) > order; k--)
                (marks[k], changes[k]) = (marks[k - 1], changes[k - 1]);
            (marks[k], changes[k]) = (mark, change);
        }
    }

    // Linear, for texts that are nothing but marks.
    private static void SortLong(Span<int> marks, Span<int> changes)
    {
        int[] oldMarks = marks.ToArray(), oldChanges = changes.ToArray();
        Span<int> next = stackalloc int[257];
        next.Clear();
        foreach (int mark in oldMarks)
            next[NormalizationData.CombiningClass(mark) + 1]++;
        for (int order = 1; order < next.Length; order++)
            next[order] += next[order - 1];
        for (int i = 0; i < oldMarks.Length; i++)
        {
            int place = next[NormalizationData.CombiningClass(oldMarks[i])]++;
            (marks[place], changes[place]) = (oldMarks[i], oldChanges[i]);
        }
    }

    private static void Compose(CodePointBuffer buffer)
    {
        Span<int> text = buffer.CodePoints, changes = buffer.Changes;
        int written = 0, starter = -1, lastClass = -1; // -1: nothing between the starter and here
        for (int i = 0, look = TextGuard.Stride; i < text.Length; i++)
        {
            if (i >= look)
                look = buffer.Guard.Look(i);
            int cp = text[i], change = changes[i], order = UnicodeData.CombiningClass(cp);
            if (starter >= 0 && lastClass < order)
            {
                int both = NormalizationData.Compose(text[starter], cp);
                if (both >= 0)
                {
                    text[starter] = both;
                    changes[starter] += change - 1;
                    continue;
                }
            }
            if (order == 0)
            {
                starter = written;
                lastClass = -1;
            }
            else if (starter >= 0)
            {
                lastClass = order;
            }
            (text[written], changes[written]) = (cp, change);
            written++;
        }
        buffer.Truncate(written);
    }
}
