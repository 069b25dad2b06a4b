using System.Globalization;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>Names the token vectors that only the model or only the reference has, from the tokens of the model.</summary>
internal sealed class GapNaming(
    ResolvedSettings resolved, TextKind kind, TextLayout layout, int[] partners, int rowsThere, TextFindings findings)
{
    private readonly string name = TextKinds.NameOf(kind);

    public void Name()
    {
        List<int> onlyHere = [.. Enumerable.Range(0, partners.Length).Where(row => partners[row] < 0)];
        int[] onlyThere = CountsBetween();
        ListGaps(onlyThere);
        // A prefix on one side only, and as many token vectors: it is made up for behind, by expansion or by the text.
        if (NamePrefix(onlyHere, onlyThere) && rowsThere == layout.Rows) return;
        NameHere(onlyHere, onlyThere.Sum() == 0);
        NameThere(onlyThere);
        if (findings.IsEmpty || (findings.Causes is [ColbertParityCause.NotNormalized] && onlyHere.Count + onlyThere.Sum() > 0))
            findings.Add(
                ColbertParityCause.OtherRows,
                $"{ShownText.Count(partners.Length, "token vector")} here and {rowsThere} in the reference, and the tokens do not say why");
    }

    private bool NamePrefix(List<int> onlyHere, int[] onlyThere)
    {
        bool isMissing = Take(onlyHere, RowRole.Prefix).Count > 0;
        if (isMissing)
            findings.Add(ColbertParityCause.PrefixMissing, $"the reference has no token vector for the prefix token '{PrefixText}'");
        bool isExtra = resolved.PrefixIdOf(kind) is null && onlyThere.Length > 2 && onlyThere[1] == 1 && layout.Dropped(1).Length == 0;
        if (!isExtra) return isMissing;
        onlyThere[1] = 0;
        findings.Add(
            ColbertParityCause.PrefixExtra,
            "the reference has a token vector more behind the first one: a prefix token, which this model's settings leave out");
        return true;
    }

    private void NameHere(List<int> rows, bool isAllThatDiffers)
    {
        int[] expansion = [.. Take(rows, RowRole.Expansion)];
        int allExpansion = Enumerable.Range(0, layout.Rows).Count(row => layout.RoleOf(row) == RowRole.Expansion);
        if (expansion.Length > 0)
        {
            findings.Add(ColbertParityCause.ExpansionMissing, expansion.Length == allExpansion
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"the reference's query is not expanded: its {allExpansion} token vectors of "
                        + $"'{layout.TokenOf(expansion[0])}' are only here")
                : FormattableString.Invariant(
                    $"the reference's query is expanded to {rowsThere} tokens, and here to {layout.Rows} (query_length)"));
        }

        int[] special = [.. Take(rows, RowRole.Special)];
        NameContent(rows);
        // Next to truncated or extra token vectors, an unmatched special token is an artefact of the alignment: it is not reported.
        if (special.Length > 0 && isAllThatDiffers && !findings.Causes.Contains(ColbertParityCause.CutEarlier))
            findings.Add(ColbertParityCause.SpecialTokenMissing, $"the reference has no token vector for {Pieces(special)}");
    }

    /// <summary>A run at the end of the text that was cut, and words that are left out wherever they stand.</summary>
    private void NameContent(List<int> rows)
    {
        if (rows.Count == 0) return;
        int[] content = [.. Enumerable.Range(0, layout.Rows).Where(row => layout.RoleOf(row) == RowRole.Content)];
        bool isLeft = resolved.TruncationSide == TokenSide.Left;
        int[] end = [.. (isLeft ? content : content.Reverse()).TakeWhile(rows.Contains)];
        if (end.Length > 0 && !end.All(row => IsMark(layout.TokenOf(row))))
        {
            int first = layout.PlaceOf(end.Min()), last = layout.PlaceOf(end.Max());
            int left = layout.Tokens - (last - first + 1);
            findings.Add(ColbertParityCause.CutEarlier, string.Create(
                CultureInfo.InvariantCulture,
                $"the reference cuts the {name} at about {left} tokens, and here {(layout.IsTruncated ? "it is cut at" : "it has")} "
                    + $"{layout.Tokens} ({name}_length)"));
            rows.RemoveAll(end.Contains);
        }

        if (rows.Count == 0) return;
        HashSet<int> ids = [.. rows.Select(layout.IdOf)];
        int same = content.Count(row => ids.Contains(layout.IdOf(row)) && !end.Contains(row) | rows.Contains(row));
        // Vectors of equal tokens are much alike, so that the alignment may take the one for the other.
        if (rows.Count >= same * 0.75)
            findings.Add(
                ColbertParityCause.SkiplistDropped, $"the reference leaves out the token vectors of {Pieces([.. rows])} (skiplist)");
        else findings.Add(ColbertParityCause.OtherRows, $"the reference has no token vectors for {Pieces([.. rows])}");
    }

    private void NameThere(int[] counts)
    {
        if (counts.Sum() == 0) return;
        NameExpansion(counts);
        int dropped = 0;
        List<string> words = [];
        for (int slot = 0; slot < counts.Length; slot++)
        {
            string[] here = layout.Dropped(slot);
            dropped += here.Length;
            if (counts[slot] == 0 || here.Length == 0) continue;
            words.AddRange(here);
        }

        int rest = counts.Sum();
        if (rest == 0) return;
        int cut = layout.IsTruncated ? CutSlots(counts) : 0;
        if (dropped > 0 && rest - cut > 0 && rest - cut <= dropped && words.Count > 0)
        {
            findings.Add(
                ColbertParityCause.SkiplistKept,
                $"the reference keeps the token vectors of {Quoted(words)}, which are on the skiplist here");
            rest = cut;
        }

        if (rest == 0) return;
        if (layout.IsTruncated)
            findings.Add(
                ColbertParityCause.CutLater,
                FormattableString.Invariant(
                    $"the {name} is cut here at {layout.Tokens} tokens ({name}_length), and in the reference later or not at all"));
        else
            findings.Add(
                ColbertParityCause.OtherRows,
                $"the reference has {ShownText.Count(rest, "token vector")} more, and the tokens do not say why");
    }

    // Behind the text of a query there is nothing but expansion.
    private void NameExpansion(int[] counts)
    {
        if (kind != TextKind.Query) return;
        int found = 0;
        for (int slot = 0; slot < counts.Length; slot++)
        {
            bool isBehind = slot == counts.Length - 1 || layout.RoleOf(slot) == RowRole.Expansion
                || (slot > 0 && layout.RoleOf(slot - 1) == RowRole.Expansion);
            if (!isBehind || counts[slot] == 0) continue;
            found += counts[slot];
            counts[slot] = 0;
        }

        if (found > 0)
        {
            bool isOff = resolved.ExpansionOf(kind) == QueryExpansion.Off;
            string here = isOff ? "not at all" : FormattableString.Invariant($"to {layout.Rows}");
            findings.Add(
                ColbertParityCause.ExpansionExtra,
                FormattableString.Invariant($"the reference's query is expanded to {rowsThere} tokens, and here {here}"));
        }
    }

    // Token vectors that stand where the cut is: in front of the special tokens at the end (or behind those at the beginning).
    private int CutSlots(int[] counts)
    {
        int found = 0;
        bool isLeft = resolved.TruncationSide == TokenSide.Left;
        for (int slot = 0; slot < counts.Length; slot++)
        {
            bool isAtCut = isLeft
                ? Enumerable.Range(0, slot).All(row => layout.RoleOf(row) != RowRole.Content)
                : Enumerable.Range(slot, layout.Rows - slot).All(row => layout.RoleOf(row) != RowRole.Content);
            if (isAtCut) found += Math.Max(0, counts[slot] - layout.Dropped(slot).Length);
        }

        return found;
    }

    /// <summary>
    /// Of each place in front of a token vector of the model (and behind the last) the number of those that only the reference has there.
    /// </summary>
    private int[] CountsBetween()
    {
        int[] counts = new int[partners.Length + 1];
        int last = -1;
        for (int row = 0; row <= partners.Length; row++)
        {
            int partner = row == partners.Length ? rowsThere : partners[row];
            if (partner < 0) continue;
            counts[row] = partner - last - 1;
            last = partner;
        }

        return counts;
    }

    private void ListGaps(int[] onlyThere)
    {
        for (int row = 0; row < partners.Length; row++)
        {
            if (partners[row] >= 0) continue;
            int first = row;
            while (row + 1 < partners.Length && partners[row + 1] < 0) row++;
            findings.AddGap(new ColbertParityGap(
                true, first, row - first + 1, Enumerable.Range(first, Math.Min(8, row - first + 1)).Select(layout.TokenOf).ToArray()));
        }

        int there = 0;
        for (int slot = 0; slot < onlyThere.Length; slot++)
        {
            if (onlyThere[slot] > 0)
                findings.AddGap(new ColbertParityGap(
                    false, there, onlyThere[slot], layout.Dropped(slot) is { } words && words.Length == onlyThere[slot] ? words : []));
            there += onlyThere[slot] + (slot < partners.Length && partners[slot] >= 0 ? 1 : 0);
        }
    }

    private string PrefixText => kind == TextKind.Query ? resolved.Settings.QueryPrefix.Value : resolved.Settings.DocumentPrefix.Value;

    private List<int> Take(List<int> rows, RowRole role)
    {
        List<int> taken = rows.FindAll(row => layout.RoleOf(row) == role);
        rows.RemoveAll(taken.Contains);
        return taken;
    }

    private string Pieces(int[] rows) => Quoted([.. rows.Select(layout.TokenOf)]);

    private static string Quoted(IReadOnlyList<string> pieces)
    {
        string[] different = [.. pieces.Distinct()];
        return string.Join(' ', different.Take(8).Select(piece => $"'{piece}'")) + (different.Length > 8 ? " …" : "");
    }

    private static bool IsMark(string piece) =>
        piece.Replace("#", "", StringComparison.Ordinal).Trim('Ġ', '▁') is var bare
            && bare.All(c => char.IsPunctuation(c) || char.IsSymbol(c));
}
