using System.Runtime.CompilerServices;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// The normalized text and the pieces that it was split into. Pre-tokenizers go over the pieces and write new ones; those
/// that change characters write a new text as well. Pieces are independent of each other and may leave gaps.
/// </summary>
internal sealed class PreTokenizedText(TextGuard guard)
{
    private char[] chars = new char[1024], spareChars = new char[1024];
    private Alignment[] map = [], spareMap = [];
    private Piece[] pieces = new Piece[256], sparePieces = new Piece[256];
    private int length, written;
    private int room, pieceRoom;
    private int count, sparePieceCount;
    private int certain, spareCertain;
    private bool isOpen;
    private Piece kept;
    private int keptAt;

    public TextGuard Guard => guard;

    public bool IsTracked { get; private set; }

    public ReadOnlySpan<char> Chars => chars.AsSpan(0, length);

    public ReadOnlySpan<Alignment> Map => IsTracked ? map.AsSpan(0, length) : default;

    public ReadOnlySpan<Piece> Pieces => pieces.AsSpan(0, count);

    public ReadOnlySpan<char> CharsOf(Piece piece) => chars.AsSpan(piece.Start, piece.Length);

    public ReadOnlySpan<Alignment> MapOf(Piece piece) => IsTracked ? map.AsSpan(piece.Start, piece.Length) : default;

    /// <summary>
    /// How many of the pieces are certain: all of them, or, of the beginning of a longer text, those that the whole text has
    /// as well.
    /// </summary>
    public int Certain => certain < 0 ? count : certain;

    /// <summary>
    /// Says that this is the beginning of a longer text: the last piece goes on. Everything before it is certain, and stays
    /// so through pre-tokenizers, which look at each piece alone.
    /// </summary>
    public void BeginOpen()
    {
        certain = Math.Max(0, count - 1);
        isOpen = true;
    }

    public void Clear(bool tracked)
    {
        certain = -1;
        isOpen = false;
        IsTracked = tracked;
        length = 0;
        count = 0;
    }

    /// <summary>Adds a normalized part of the text, without a piece; returns where it begins.</summary>
    public int Append(NormalizedText part)
    {
        int start = length, larger = guard.RoomFor((long)start + part.Length), end = start + part.Length;
        if (chars.Length < end) Array.Resize(ref chars, larger);
        part.Chars.CopyTo(chars.AsSpan(start));
        if (IsTracked)
        {
            if (map.Length < end) Array.Resize(ref map, larger);
            part.Map.CopyTo(map.AsSpan(start));
        }
        length = end;
        return start;
    }

    /// <summary>Adds a piece of the text as it is; an empty one is dropped.</summary>
    public void AddPiece(int start, int end, int token = Piece.NoToken)
    {
        if (end <= start) return;
        if (count == pieces.Length) Array.Resize(ref pieces, count * 2);
        pieces[count++] = new Piece(start, end - start, token);
    }

    /// <summary>Begins a pass that writes new pieces of the same text.</summary>
    public void BeginSplit() => sparePieceCount = spareCertain = pieceRoom = 0;

    /// <summary>To be called before each piece of a pass, with its number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Visit(int index)
    {
        if (index == certain) spareCertain = sparePieceCount;
        IsAtOpenPiece = isOpen && index == certain && index == count - 1;
    }

    /// <summary>True when the piece of the last <see cref="Visit"/> goes on behind the text.</summary>
    public bool IsAtOpenPiece { get; private set; }

    /// <summary>Says that what was made of the open piece so far is certain.</summary>
    public void MarkCertain() => spareCertain = sparePieceCount;

    /// <summary>
    /// Ends a pass. Had the text gone on, the last <paramref name="uncertain"/> of the pieces made of the last one could have
    /// been others; <paramref name="isOpen"/>: the last would only have been longer.
    /// </summary>
    public void EndSplit(int uncertain = 1, bool isOpen = true)
    {
        (pieces, sparePieces) = (sparePieces, pieces);
        if (certain >= 0)
            certain = certain == count ? sparePieceCount : this.isOpen ? Math.Max(spareCertain, sparePieceCount - uncertain) : spareCertain;
        this.isOpen &= isOpen;
        count = sparePieceCount;
    }

    /// <summary>A new piece; an empty one is dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int start, int end)
    {
        if (end > start) Add(new Piece(start, end - start, Piece.NoToken));
    }

    public void Add(Piece piece)
    {
        if (sparePieceCount == pieceRoom) MakePieceRoom();
        sparePieces[sparePieceCount++] = piece;
    }

    /// <summary>Begins a pass that writes a new text with new pieces.</summary>
    public void BeginRewrite()
    {
        written = room = 0;
        kept = default;
        BeginSplit();
    }

    /// <summary>Ends a pass that wrote a new text; see <see cref="EndSplit"/>.</summary>
    public void EndRewrite(int uncertain = 1, bool isOpen = true)
    {
        (chars, spareChars) = (spareChars, chars);
        (map, spareMap) = (spareMap, map);
        length = written;
        EndSplit(uncertain, isOpen);
    }

    /// <summary>How much of the new text there is.</summary>
    public int Written => written;

    /// <summary>Takes a piece over into the new text as it is; what several pieces share is there once.</summary>
    public void Keep(Piece piece)
    {
        if (!kept.Holds(piece))
        {
            (kept, keptAt) = (piece, written);
            Write(CharsOf(piece), MapOf(piece));
        }

        Add(piece with { Start = keptAt + piece.Start - kept.Start });
    }

    public void Write(ReadOnlySpan<char> text, ReadOnlySpan<Alignment> alignments)
    {
        Reserve(text.Length);
        text.CopyTo(spareChars.AsSpan(written));
        if (IsTracked) alignments.CopyTo(spareMap.AsSpan(written));
        written += text.Length;
    }

    /// <summary>Room for this many units, of which <see cref="Advance"/> says how many were written; only where no map is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<char> Target(int units)
    {
        Reserve(units);
        return spareChars.AsSpan(written, units);
    }

    public void Advance(int units) => written += units;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(char unit, Alignment alignment)
    {
        Reserve(1);
        spareChars[written] = unit;
        if (IsTracked) spareMap[written] = alignment;
        written++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int units)
    {
        if (written + units > room) Grow(units);
    }

    private void Grow(int units)
    {
        long needed = (long)written + units;
        int larger = guard.RoomFor(needed);
        if (needed > spareChars.Length) Array.Resize(ref spareChars, larger);
        if (IsTracked && needed > spareMap.Length) Array.Resize(ref spareMap, spareChars.Length);
        room = Math.Min(Math.Min(spareChars.Length, guard.Most), guard.Look((int)needed));
        if (IsTracked) room = Math.Min(room, spareMap.Length);
    }

    private void MakePieceRoom()
    {
        if (sparePieceCount == sparePieces.Length) Array.Resize(ref sparePieces, (int)Math.Min(Array.MaxLength, sparePieceCount * 2L));
        pieceRoom = Math.Min(sparePieces.Length, guard.Look(sparePieceCount));
    }
}
