using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization;

/// <content>The way back: from ids to a text.</content>
public sealed partial class Tokenizer
{
    /// <summary>
    /// The text of ids, by the file's decoder; without one the tokens with blanks between them. Ids that are not known are left out, as in
    /// the original.
    /// </summary>
    /// <param name="ids">Ids of this tokenizer.</param>
    /// <param name="skipSpecialTokens">Leave added tokens out that are special.</param>
    /// <param name="cancellation">Ends the work.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var tokens = new List<string>();
        long length = 0;
        foreach (int id in ids)
        {
            if ((added.TryGetDecoded(id, out string? known) ? known : IdToToken(id)) is not { } token
                || (skipSpecialTokens && added.IsSpecial(token)))
                continue;
            tokens.Add(token);
            length += token.Length;
        }

        if (Decoder.Value is not { } decoder) return string.Join(' ', tokens);
        var guard = new TextGuard();
        guard.Begin((int)Math.Min(Array.MaxLength, length), cancellation);
        return string.Concat(decoder.Decode(tokens, guard));
    }
}
