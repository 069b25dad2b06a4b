namespace ColbertOnnx.Text;

/// <summary>A piece of a text: where it begins and ends in UTF-16 units, and its id, or -1 for what no piece covers.</summary>
internal readonly record struct UnigramPiece(int Start, int End, int Id);

/// <summary>
/// The best segmentation under a Unigram model, as tokenizers' encode_optimized finds it: scores added in float64 from
/// the left, an unknown code point costs the lowest score less 10, of equal paths the one that was found first stays, and
/// unknown code points in a row become one piece. Safe for many threads; each brings its own scratch.
/// </summary>
internal sealed class UnigramLattice
{
    private readonly PieceTrie trie;
    private readonly double[] scores;
    private readonly double unknownScore;
    private readonly int unknownId;

    /// <param name="pieces">Trie of all pieces with their ids.</param>
    /// <param name="scores">Score by id.</param>
    /// <param name="unknownId">Id of the unknown piece, or -1 for none.</param>
    public UnigramLattice(PieceTrie pieces, double[] scores, int unknownId)
    {
        trie = pieces;
        this.scores = scores;
        this.unknownId = unknownId;
        double lowest = double.PositiveInfinity;
        foreach (double score in scores)
        {
            if (score < lowest)
                lowest = score;
        }
        unknownScore = lowest - 10;
    }

    /// <summary>
    /// The best way to a place of the text that was found so far: its score, where its last piece begins, and that piece. Start -1: none.
    /// </summary>
    internal record struct Place(double Score, int Start, int Id);

    /// <summary>Arrays that grow with the longest text and are used again.</summary>
    internal sealed class Scratch
    {
        internal Place[] Places = new Place[256];
        internal UnigramPiece[] Pieces = new UnigramPiece[64];

        internal void Prepare(int size)
        {
            if (Places.Length < size)
                Places = new Place[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)size)];
            Places.AsSpan(0, size).Fill(new Place(0, -1, -1));
        }
    }

    /// <summary>
    /// The pieces of a text in order, valid until the scratch is used again. Where the text needs the unknown piece and
    /// the model has none, <paramref name="isMissingUnknown"/> is true and nothing is returned.
    /// </summary>
    public ReadOnlySpan<UnigramPiece> Encode(ReadOnlySpan<char> text, Scratch scratch, TextGuard guard, out bool isMissingUnknown)
    {
        isMissingUnknown = false;
        if (text.IsEmpty)
            return [];
        scratch.Prepare(text.Length + 1);
        if (!FillIn(text, scratch, guard))
        {
            isMissingUnknown = true;
            return [];
        }
        return Collect(text, scratch);
    }

    private bool FillIn(ReadOnlySpan<char> text, Scratch scratch, TextGuard guard)
    {
        Span<Place> places = scratch.Places.AsSpan(0, text.Length + 1);
        long steps = 0;
        for (int start = 0, look = TextGuard.Stride, length; start < text.Length; start += length)
        {
            if (start >= look)
                look = guard.Look(start);
            CodePoint.At(text, start, out length);
            double here = places[start].Score;
            bool isSingle = false;
            int node = trie.First(text[start]), end = start + 1;
            while (node != 0)
            {
                int next = end < text.Length ? trie.Step(node, text[end]) : 0;
                int id = trie.IdAt(node);
                if (id >= 0)
                {
                    double score = scores[id] + here;
                    ref Place place = ref places[end];
                    if (place.Start < 0 || score > place.Score)
                        place = new(score, start, id);
                    isSingle |= end == start + length;
                }
                node = next;
                end++;
            }
            steps += end - start;
            if (isSingle)
                continue;
            end = start + length;
            double unknown = unknownScore + here;
            if (places[end].Start >= 0 && !(unknown > places[end].Score))
                continue;
            if (unknownId < 0)
                return false;
            places[end] = new(unknown, start, unknownId);
        }
        guard.Count(steps);
        return true;
    }

    // From the end back; unknown pieces in a row become one, whose text may after all be a piece.
    private ReadOnlySpan<UnigramPiece> Collect(ReadOnlySpan<char> text, Scratch scratch)
    {
        int count = 0;
        for (int end = text.Length; end > 0;)
        {
            (_, int start, int id) = scratch.Places[end];
            if (id == unknownId)
            {
                while (start > 0 && scratch.Places[start].Id == unknownId)
                    start = scratch.Places[start].Start;
                id = trie.Find(text[start..end]);
            }
            if (count == scratch.Pieces.Length)
                Array.Resize(ref scratch.Pieces, count * 2);
            scratch.Pieces[count++] = new(start, end, id);
            end = start;
        }
        Span<UnigramPiece> pieces = scratch.Pieces.AsSpan(0, count);
        pieces.Reverse();
        return pieces;
    }
}
