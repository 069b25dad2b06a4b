using Apache.Arrow;
using Apache.Arrow.Types;

namespace ColbertOnnx.Parquet;

/// <summary>Names and types of a file of ours: docs/embedding-files.md.</summary>
internal sealed class ParquetLayout
{
    public const string Id = "id", Text = "text", Embedding = "embedding", TokenIds = "token_ids";

    public const string Format = "colbert.format", Version = "colbert.version", Type = "colbert.type", Dimension = "colbert.dimension",
        Kind = "colbert.kind", Model = "colbert.model", Settings = "colbert.settings";

    /// <summary>The leaf that holds the elements of token vectors.</summary>
    public const string Elements = Embedding + ".list.element.list.element";

    private const string Element = "element";

    public ParquetLayout(bool isHalf, int dimension, bool hasText, bool hasTokens, IReadOnlyDictionary<string, string> metadata)
    {
        (IsHalf, Width, HasText, HasTokens) = (isHalf, dimension, hasText, hasTokens);
        IArrowType type = isHalf ? HalfFloatType.Default : FloatType.Default;
        var element = new Field(Element, type, nullable: false);
        // Where no text has a vector, and the dimension is not known.
        IArrowType vector = dimension > 0 ? new FixedSizeListType(element, dimension) : new ListType(element);
        Vectors = new ListType(new Field(Element, vector, nullable: false));
        Tokens = new ListType(new Field(Element, Int32Type.Default, nullable: false));
        List<Field> fields = [new(Id, StringType.Default, nullable: true)];
        if (hasText) fields.Add(new(Text, StringType.Default, nullable: false));
        fields.Add(new(Embedding, Vectors, nullable: false));
        if (hasTokens) fields.Add(new(TokenIds, Tokens, nullable: false));
        Schema = new Schema(fields, metadata);
    }

    public bool IsHalf { get; }

    public int Width { get; }

    public bool HasText { get; }

    public bool HasTokens { get; }

    public ListType Vectors { get; }

    public ListType Tokens { get; }

    public Schema Schema { get; }
}
