using System.Globalization;

namespace ColbertOnnx.Text;

/// <summary>
/// Watches over one text on its way to tokens: every loop over it looks here each <see cref="Stride"/> units, so that a stop is heard, and
/// everything that grows asks here whether it may. Costs nothing in between. One thread at a time.
/// </summary>
internal sealed class TextGuard
{
    /// <summary>Units, symbols or pieces between two looks.</summary>
    public const int Stride = 4096;

    private CancellationToken cancellation;
    private int given;

    /// <summary>Most characters that the text may become.</summary>
    public int Most { get; private set; } = Array.MaxLength;

    /// <summary>Most bytes that an expression may take in the text.</summary>
    public long MostMemory { get; init; } = Limits.ExpressionMemory;

    /// <summary>Steps of those loops which could take more of them than the text has characters. For tests.</summary>
    public long Steps { get; private set; }

    /// <summary>How often a loop looked. For tests.</summary>
    public long Looks { get; private set; }

    public void Begin(int length, CancellationToken stop) => Begin(length, Limits.TextGrowth * (long)length + Limits.TextGrowthBase, stop);

    public void Begin(int length, long most, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        (given, cancellation, Steps, Looks) = (length, stop, 0, 0);
        Most = (int)Math.Min(Array.MaxLength, most);
    }

    /// <summary>Returns where to look again.</summary>
    /// <exception cref="OperationCanceledException">The caller wants no more.</exception>
    public int Look(int at)
    {
        Looks++;
        cancellation.ThrowIfCancellationRequested();
        return at + Stride;
    }

    public void Count(long steps) => Steps += steps;

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: more than <see cref="MostMemory"/>.</exception>
    public void CheckMemory(long bytes)
    {
        if (bytes <= MostMemory) return;
        throw new ColbertException(
            ColbertErrorId.InputInvalid,
            string.Create(
                CultureInfo.InvariantCulture,
                $"An expression of the tokenizer takes more than {MostMemory:N0} bytes in a text of {given:N0} characters (the limit "
                    + $"{nameof(Limits.ExpressionMemory)})."),
            null,
            "Look at the expressions of tokenizer.json, or shorten the text.");
    }

    /// <summary>Room for this many, and as many again where that is allowed.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: more than <see cref="Most"/>.</exception>
    public int RoomFor(long length)
    {
        if (length > Most)
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The tokenizer makes more than {Most:N0} characters of a text of {given:N0} (the limits "
                        + $"{nameof(Limits.TextGrowth)}, {Limits.TextGrowth:N0} for each, and {nameof(Limits.TextGrowthBase)}, "
                        + $"{Limits.TextGrowthBase:N0})."),
                null,
                "Look at the normalizers of tokenizer.json, or shorten the text.");
        }

        return (int)Math.Min(Array.MaxLength, length * 2);
    }
}
