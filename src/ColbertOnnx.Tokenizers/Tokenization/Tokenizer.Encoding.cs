using ColbertOnnx.Text;
using ColbertOnnx.Tokenization.Normalizers;
using ColbertOnnx.Tokenization.PostProcessors;

namespace ColbertOnnx.Tokenization;

/// <content>The way of a text: added tokens, normalizer, pre-tokenizer, model, truncation, template.</content>
public sealed partial class Tokenizer
{
    /// <summary>Replaces the buffer's content with the tokens of the text.</summary>
    public void Encode(ReadOnlySpan<char> text, TokenBuffer output, TokenizeOptions options)
    {
        Workspace workspace = Workspace.Rent();
        SequenceTemplate row = options.AddSpecialTokens ? template : bareTemplate;
        // Less room than the template needs wraps around in the original: then nothing is cut off.
        int limit = options.MaxLength < row.AddedTokens ? int.MaxValue : options.MaxLength - row.AddedTokens;
        try
        {
            workspace.Guard.Begin(text.Length, options.Cancellation);
            if (!TokenizeBeginning(text, workspace, limit, options))
            {
                Split(text, workspace, options, isPrefix: false);
                Tokenize(workspace, limit, options.TruncationSide);
            }

            Fill(text, workspace, output, row, limit, options);
        }
        finally
        {
            (lastSteps, lastLooks) = (workspace.Guard.Steps, workspace.Guard.Looks);
            Workspace.Return(workspace, text.Length);
        }
    }

    private bool Split(ReadOnlySpan<char> text, Workspace workspace, TokenizeOptions options, bool isPrefix)
    {
        bool isSpoiled = false;
        PreTokenizedText target = workspace.PreTokenized;
        bool tracked = options.Offsets || preTokenizer is { NeedsAlignment: true };
        Normalizer? applied = options.SkipNormalizer ? null : normalizer;
        target.Clear(tracked);
        if (added.Raw.IsEmpty)
        {
            isSpoiled = !Normalize(text, 0, applied, workspace, tracked, isPrefix);
        }
        else
        {
            List<Piece> matches = workspace.Matches;
            added.Split(text, added.Raw, matches, workspace.Guard);
            Piece before = default;
            int placed = 0;
            foreach (Piece match in matches)
            {
                ReadOnlySpan<char> part = text.Slice(match.Start, match.Length);
                if (!match.IsToken)
                {
                    isSpoiled = !Normalize(part, match.Start, applied, workspace, tracked, isPrefix && match.End == text.Length);
                    continue;
                }

                // Whitespace that several tokens take is there once.
                if (!before.Holds(match))
                {
                    workspace.Normalized.Load(part, match.Start, tracked);
                    (before, placed) = (match, target.Append(workspace.Normalized));
                }

                int start = placed + match.Start - before.Start;
                target.AddPiece(start, start + match.Length, match.Token);
            }
        }

        if (isPrefix)
        {
            // Blanks behind an added token may belong to it, and a word character there may undo it.
            if (isSpoiled || target.Pieces.IsEmpty || target.Pieces[^1].IsToken) return false;
            target.BeginOpen();
        }

        if (!options.SkipPreTokenizer) preTokenizer?.PreTokenize(target, workspace);
        return true;
    }

    private bool Normalize(ReadOnlySpan<char> part, int start, Normalizer? applied, Workspace workspace, bool tracked, bool isPrefix)
    {
        NormalizedText text = workspace.Normalized;
        PreTokenizedText target = workspace.PreTokenized;
        text.Load(part, start, tracked);
        text.IsPrefix = isPrefix;
        applied?.Normalize(text);
        int at = target.Append(text);
        if (added.Normalized.IsEmpty)
        {
            target.AddPiece(at, at + text.Length);
            return !text.IsSpoiled;
        }

        List<Piece> matches = workspace.NormalizedMatches;
        added.Split(text.Chars, added.Normalized, matches, workspace.Guard);
        foreach (Piece match in matches)
            target.AddPiece(at + match.Start, at + match.End, match.Token);
        int steps = StepsAtCut;
        return !text.IsSpoiled && !(isPrefix && added.Normalized.IsOpenAtEnd(text.Chars, ref steps));
    }

    private void Tokenize(Workspace workspace, int limit, TokenSide side)
    {
        PreTokenizedText text = workspace.PreTokenized;
        TokenList tokens = workspace.Tokens;
        tokens.Clear();
        ReadOnlySpan<Piece> pieces = text.Pieces;
        int first = 0;
        if (side == TokenSide.Left && limit < pieces.Length)
        {
            // Only as many pieces from the end as the limit, and one token to know that there was more.
            for (first = pieces.Length; first > 0 && tokens.Count <= limit;)
            {
                workspace.Guard.Look(first);
                Tokenize(text, pieces[--first], tokens, workspace);
            }

            tokens.Clear();
        }

        for (int i = first, look = first + TextGuard.Stride; i < text.Certain; i++)
        {
            if (i >= look) look = workspace.Guard.Look(i);
            Tokenize(text, pieces[i], tokens, workspace);
            if (tokens.Count > limit && side == TokenSide.Right) break;
        }
    }

    private void Tokenize(PreTokenizedText text, Piece piece, TokenList tokens, Workspace workspace)
    {
        if (piece.IsToken)
        {
            tokens.Add(piece.Token, piece.Start, piece.End, isText: true);
            return;
        }

        ReadOnlySpan<char> word = text.CharsOf(piece);
        if (word.Length is < WordCache.LeastLength or > WordCache.MostLength || !isKept)
        {
            model.Tokenize(word, piece.Start, tokens, workspace);
            return;
        }

        WordCache words = workspace.Words;
        uint hash = WordCache.HashOf(word);
        int before = tokens.Count;
        if (words.TryAdd(model.Number, hash, word, piece.Start, tokens)) return;
        model.Tokenize(word, piece.Start, tokens, workspace);
        words.Store(model.Number, hash, word, piece.Start, tokens.Tokens[before..]);
    }

    private void Fill(
        ReadOnlySpan<char> text, Workspace workspace, TokenBuffer output, SequenceTemplate row, int limit, TokenizeOptions options)
    {
        TokenList tokens = workspace.Tokens;
        int count = Math.Min(tokens.Count, limit);
        ReadOnlySpan<TokenList.Token> kept = tokens.Tokens.Slice(
            options.TruncationSide == TokenSide.Left ? tokens.Count - count : 0, count);
        output.Clear();
        output.IsTruncated = count < tokens.Count;
        foreach (TemplateItem item in row.Items)
        {
            if (!item.IsText)
            {
                if (options.Offsets) output.Add(item.Id, item.TypeId, 0, 0);
                else output.Add(item.Id, item.TypeId);
                continue;
            }

            if (!options.Offsets)
            {
                foreach (TokenList.Token token in kept)
                    output.Add(token.Id, item.TypeId);
                continue;
            }

            for (int i = 0; i < kept.Length; i++)
            {
                (int start, int end) = OffsetsOf(workspace.PreTokenized.Map, kept[i]);
                if (item.Trims.Length > 0) (start, end) = Trim(text, workspace.PreTokenized, kept[i], i, start, end, item.Trims);
                output.Add(kept[i].Id, item.TypeId, start, end);
            }
        }
    }

    private static (int Start, int End) OffsetsOf(ReadOnlySpan<Alignment> map, TokenList.Token token) =>
        (map[token.Start].Start, map[token.End - 1].End);

    private (int Start, int End) Trim(
        ReadOnlySpan<char> text, PreTokenizedText normalized, TokenList.Token token, int index, int start, int end, OffsetTrim[] trims)
    {
        ReadOnlySpan<char> spelling = normalized.Chars[token.Start..token.End];
        if (!token.IsText) model.TryGetToken(token.Id, out spelling);
        foreach (OffsetTrim trim in trims)
            (start, end) = trim.Apply(text, spelling, index, start, end);
        return (start, end);
    }
}
