using System.Globalization;
using ColbertOnnx.Embeddings;

namespace ColbertOnnx.Parquet;

/// <summary>
/// One Parquet file with a row for each text. A run that can be interrupted keeps the rows in a part of its own and makes the file of them
/// at the end.
/// </summary>
internal sealed class ParquetWriter : StagedFile
{
    private const string Data = "data", Rows = "rows";

    private readonly EmbeddingWriterOptions options;
    private readonly bool isSpooled;
    private GroupWriter? groups;
    private EncoderDescription? encoder;
    private TextKind? kind;
    private bool? hasTokens;
    private string? model;

    public ParquetWriter(string target, EmbeddingWriterOptions options, Func<Stream, Stream>? through = null)
        : base(Supported(target, options), options, through)
    {
        this.options = options;
        isSpooled = options.Resume is not null;
        (kind, hasTokens) = (options.Kind, options.IncludeTokens);
    }

    public override bool KeepsDescription => true;

    public override void Describe(EncoderDescription encoder) => this.encoder = encoder;

    protected override void Write(ColbertEmbedding embedding, string name)
    {
        Check(embedding);
        ReadOnlySpan<byte> values = Matrix.Of(embedding, out _);
        IReadOnlyList<int>? tokens = hasTokens == true ? embedding.TokenIds : null;
        if (isSpooled) RowSpool.Write(Parts.Part(Rows), embedding.Id, options.IncludeText ? embedding.Text : null, values, tokens);
        else Groups().Add(embedding.Id, options.IncludeText ? embedding.Text : "", values, embedding.TokenCount, tokens);
    }

    protected override string Finish()
    {
        Groups();
        if (isSpooled)
        {
            Stream rows = Parts.Part(Rows);
            rows.Seek(0, SeekOrigin.Begin);
            while (RowSpool.TryRead(rows, out string? id, out string? text, out byte[] values, out int[] tokens))
                groups!.Add(id, text ?? "", values, RowsOf(values), tokens);
        }

        groups!.Complete();
        return Data;
    }

    protected override void Abandon() => groups?.Dispose();

    private static string Supported(string target, EmbeddingWriterOptions options) =>
        options.Type is EmbeddingType.Float16 or EmbeddingType.Float32 ? target : throw new ColbertException(
            ColbertErrorId.InputInvalid, $"{target}: a Parquet file holds float16 or float32, not {EmbeddingTypes.NameOf(options.Type)}.",
            target, "Choose one of these types, or a file that ends in .npz or .safetensors.");

    private GroupWriter Groups() => groups ??= new GroupWriter(Parts.Part(Data), Layout);

    private int RowsOf(byte[] values) => values.Length == 0 ? 0 : values.Length / PackedVectors.RowBytes(Type, State.Dimension);

    // As late as can be: an empty text of another file may not say how long its vectors would be.
    private ParquetLayout Layout()
    {
        int dimension = Math.Max(State.Dimension, encoder?.Dimension ?? 0);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            [ParquetLayout.Format] = SafetensorsLayout.Format,
            [ParquetLayout.Version] = "1",
            [ParquetLayout.Type] = EmbeddingTypes.NameOf(Type),
            [ParquetLayout.Dimension] = dimension.ToString(CultureInfo.InvariantCulture),
        };
        if (kind is { } known) metadata[ParquetLayout.Kind] = TextKinds.NameOf(known);
        if ((encoder?.Model ?? model) is { } name) metadata[ParquetLayout.Model] = name;
        if (encoder is { } about) metadata[ParquetLayout.Settings] = about.Settings;
        return new ParquetLayout(Type == EmbeddingType.Float16, dimension, options.IncludeText, hasTokens == true, metadata);
    }

    private void Check(ColbertEmbedding embedding)
    {
        kind ??= embedding.Kind;
        hasTokens ??= embedding.TokenIds is not null;
        model ??= embedding.ModelId;
        CheckDimension(embedding);
        if (embedding.Kind != kind)
            throw Other(
                embedding,
                $"is of a {TextKinds.NameOf(embedding.Kind)}, those before it are not, and a Parquet file "
                    + $"holds one kind",
                "Write queries and documents into files of their own.");
        if (embedding.TokenIds is not null != hasTokens)
            throw Other(
                embedding,
                $"has {(hasTokens == true ? "no token ids, and those before it have some" : "token ids, and those before it have none")}",
                "Write embeddings with and without tokens into files of their own.");
    }

    private static ColbertException Other(ColbertEmbedding embedding, string what, string action) =>
        new(
            ColbertErrorId.InputInvalid,
            $"The embedding of {(embedding.Id is null ? $"\"{embedding.Text}\"" : $"'{embedding.Id}'")} {what}.",
            embedding.Id ?? embedding.Text, action);
}
