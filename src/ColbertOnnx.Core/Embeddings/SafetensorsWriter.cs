using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// One safetensors file. The order of the data is the same in both layouts: rows, texts (JSON Lines, padded with line feeds so that what
/// follows is aligned to 8), offsets, scales. Rows are written as they come, the rest gathers in parts of its own.
/// </summary>
internal sealed class SafetensorsWriter : StagedFile
{
    private const string Data = "data";
    private const string Names = "names";
    private const string Header = "header";
    private const string Whole = "whole";

    // Shorter than what any text takes in a header.
    private const int LeastEntry = 64;

    private readonly bool isFlat;

    public SafetensorsWriter(string target, EmbeddingWriterOptions options, Func<Stream, Stream>? through = null)
        : base(target, options, through)
    {
        isFlat = options.Layout != EmbeddingLayout.PerText;
        if (Resumed is not null) return;
        OutputGuard.Run(target, () =>
        {
            if (isFlat) Parts.Part(Data).Write(new byte[SafetensorsLayout.FlatStart]);
            WriteNumber(Parts.Part(SafetensorsLayout.Offsets), 0);
        });
    }

    private long Start => isFlat ? SafetensorsLayout.FlatStart : 0;

    protected override void Write(ColbertEmbedding embedding, string name)
    {
        Check(embedding);
        ReadOnlySpan<byte> bytes = Matrix.Of(embedding, out ReadOnlySpan<float> scales);
        Parts.Part(Data).Write(bytes);
        if (Type == EmbeddingType.Int8) Parts.Part(SafetensorsLayout.Scales).Write(MemoryMarshal.AsBytes(scales));
        WriteNumber(Parts.Part(SafetensorsLayout.Offsets), State.Rows + embedding.TokenCount);
        if (!isFlat) WriteNumber(Parts.Part(Names), (State.Numbers[(int)embedding.Kind] * 2) + (int)embedding.Kind);
        Lines.Write(Parts.Part(TextSource.ArrayName), embedding, isFlat ? null : name);
    }

    protected override string Finish()
    {
        Stream data = Parts.Part(Data), texts = Parts.Part(TextSource.ArrayName);
        while (((data.Length - Start) + texts.Length) % 8 != 0) texts.WriteByte((byte)'\n');
        using Stream header = isFlat ? new MemoryStream() : Parts.Part(Header);
        header.SetLength(0);
        WriteHeader(header, data.Length - Start, texts.Length);
        if (isFlat)
        {
            Append(data, texts);
            Append(data, Parts.Part(SafetensorsLayout.Offsets));
            if (Type == EmbeddingType.Int8) Append(data, Parts.Part(SafetensorsLayout.Scales));
            data.Seek(0, SeekOrigin.Begin);
            Prefix(data, header, SafetensorsLayout.FlatStart - 8);
            return Data;
        }

        if (header.Length > Limits.LargestSafetensorsHeader) throw TooMany();
        Stream whole = Parts.Part(Whole);
        whole.SetLength(0);
        Prefix(whole, header, ((header.Length + 8 + 63) / 64 * 64) - 8);
        Append(whole, data);
        Append(whole, texts);
        if (Type == EmbeddingType.Int8) Append(whole, Parts.Part(SafetensorsLayout.Scales));
        return Whole;
    }

    private void Check(ColbertEmbedding embedding)
    {
        CheckDimension(embedding);
        if (!isFlat && State.Texts * LeastEntry > Limits.LargestSafetensorsHeader) throw TooMany();
    }

    private void WriteHeader(Stream to, long rowBytes, long textBytes)
    {
        int dimension = Math.Max(State.Dimension, 0), width = Matrix.Width(dimension);
        long texts = rowBytes, offsets = texts + textBytes;
        Add(
            to,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"__metadata__\":{{\"format\":\"{SafetensorsLayout.Format}\",\"version\":\"1\","
                    + $"\"type\":\"{EmbeddingTypes.NameOf(Type)}\",\"dimension\":\"{dimension}\",\"texts\":\"{State.Texts}\"}}"));
        if (isFlat)
        {
            long scales = offsets + ((State.Texts + 1) * sizeof(long));
            Add(to, Entry(SafetensorsLayout.Embeddings, Matrix.Dtype, $"{State.Rows},{width}", 0, texts));
            Add(to, Entry(TextSource.ArrayName, "U8", $"{textBytes}", texts, offsets));
            Add(to, Entry(SafetensorsLayout.Offsets, "I64", $"{State.Texts + 1}", offsets, scales));
            if (Type == EmbeddingType.Int8)
                Add(to, Entry(SafetensorsLayout.Scales, "F32", $"{State.Rows}", scales, scales + (State.Rows * sizeof(float))));
        }
        else
        {
            foreach (var (name, first, count) in Spans())
            {
                long rowLength = PackedVectors.RowBytes(Type, dimension);
                Add(to, Entry(name, Matrix.Dtype, $"{count},{width}", first * rowLength, (first + count) * rowLength));
                if (Type == EmbeddingType.Int8)
                    Add(
                        to,
                        Entry(
                            name + ArrayEmbeddings.ScaleSuffix, "F32", $"{count}", offsets + (first * sizeof(float)),
                            offsets + ((first + count) * sizeof(float))));
            }

            Add(to, Entry(TextSource.ArrayName, "U8", $"{textBytes}", texts, offsets));
        }

        Add(to, "}");
    }

    private IEnumerable<(string Name, long First, long Count)> Spans()
    {
        Stream offsets = Parts.Part(SafetensorsLayout.Offsets), names = Parts.Part(Names);
        offsets.Seek(0, SeekOrigin.Begin);
        names.Seek(0, SeekOrigin.Begin);
        long first = ReadNumber(offsets);
        for (long i = 0; i < State.Texts; i++)
        {
            long name = ReadNumber(names), end = ReadNumber(offsets);
            yield return (NpyFormat.NameOf((TextKind)(name % 2), name / 2), first, end - first);
            first = end;
        }
    }

    private static string Entry(string name, string type, FormattableString shape, long begin, long end) =>
        FormattableString.Invariant(
            $",\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{FormattableString.Invariant(shape)}],\"data_offsets\":[{begin},{end}]}}");

    private static void Add(Stream to, string text) => to.Write(Encoding.ASCII.GetBytes(text));

    /// <summary>The header's length and the header, padded with blanks.</summary>
    private static void Prefix(Stream to, Stream header, long length)
    {
        WriteNumber(to, length);
        Append(to, header);
        for (long i = header.Length; i < length; i++) to.WriteByte((byte)' ');
    }

    private static void Append(Stream to, Stream part)
    {
        part.Seek(0, SeekOrigin.Begin);
        part.CopyTo(to);
    }

    private static void WriteNumber(Stream to, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        to.Write(bytes);
    }

    private static long ReadNumber(Stream from)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        from.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private ColbertException TooMany() => new(
        ColbertErrorId.OutputFailed,
        string.Create(
            CultureInfo.InvariantCulture,
            $"'{Target}' cannot have a tensor for each of {State.Texts} texts: a header of safetensors has at most 100 MB."),
        Target,
        "Use the flat layout, which holds any number.");
}
