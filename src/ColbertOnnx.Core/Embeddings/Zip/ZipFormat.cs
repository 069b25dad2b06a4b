namespace ColbertOnnx.Embeddings.Zip;

/// <summary>Numbers of the format (APPNOTE.TXT): signatures, fixed lengths, and the values that say "see the zip64 field".</summary>
internal static class ZipFormat
{
    public const uint LocalSignature = 0x04034B50;
    public const uint EntrySignature = 0x02014B50;
    public const uint EndSignature = 0x06054B50;
    public const uint End64Signature = 0x06064B50;
    public const uint Locator64Signature = 0x07064B50;

    public const int LocalLength = 30;
    public const int EntryLength = 46;
    public const int EndLength = 22;
    public const int End64Length = 56;
    public const int Locator64Length = 20;

    public const ushort Zip64Field = 1;
    public const uint Large32 = uint.MaxValue;
    public const ushort Large16 = ushort.MaxValue;

    public const ushort Stored = 0;
    public const ushort Deflated = 8;
}
