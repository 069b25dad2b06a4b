using System.Globalization;

namespace ColbertOnnx.IO;

/// <summary>A hash of items in their order, of which that of a whole can be made from those of its parts.</summary>
internal struct SequenceHash()
{
    // Odd, so that each step can be undone: no change of one item is lost.
    private static readonly UInt128 Factor = new(0x9E3779B97F4A7C15, 0xF39CC0605CEDC835);

    private UInt128 value;

    /// <summary>Adds an item by its own hash.</summary>
    public void Add(UInt128 item) => value = unchecked((value * Factor) + item);

    /// <summary>Adds a part that was hashed on its own.</summary>
    /// <param name="part">As it was written.</param>
    /// <param name="count">How many items it has.</param>
    public void Add(string part, long count) =>
        value = unchecked((value * Power(count)) + UInt128.Parse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    public override readonly string ToString() => value.ToString("x32", CultureInfo.InvariantCulture);

    private static UInt128 Power(long exponent)
    {
        UInt128 result = 1, square = Factor;
        for (; exponent > 0; exponent >>= 1, square = unchecked(square * square))
            if ((exponent & 1) != 0) result = unchecked(result * square);
        return result;
    }
}
