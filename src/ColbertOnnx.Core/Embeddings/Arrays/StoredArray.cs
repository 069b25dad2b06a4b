using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>An array in a file, whatever the format: what its header says, and a way to its elements.</summary>
/// <param name="Name">Without the extension .npy.</param>
/// <param name="Location">Where it stands, for people.</param>
/// <param name="Type">Element type; Other for one that is not numeric.</param>
/// <param name="TypeName">The type in the format's own words.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Open">A stream that begins at its first element and is the caller's.</param>
internal sealed record StoredArray(
    string Name, string Location, SafetensorsType Type, string TypeName, IReadOnlyList<long> Shape, Func<Stream> Open)
{
    public bool IsBigEndian { get; init; }

    /// <summary>Column by column: the first index runs fastest.</summary>
    public bool IsFortran { get; init; }

    /// <summary>Bytes that it has in a zip where it is compressed; null: it is not.</summary>
    public long? PackedBytes { get; init; }

    private string? Foreign { get; init; }

    /// <summary>A member of a file that is not an array.</summary>
    public static StoredArray None(string name, string location, string why) =>
        new(name, location, SafetensorsType.Other, "", [], () => Stream.Null) { Foreign = why };

    /// <summary>Why it is not an array that could hold embeddings, ids or texts, but something about them; null: it may be one.</summary>
    public string? NoArray => Foreign ?? (Rank == 0 ? "it is a single value" : IsText && !IsRoleOfText ? "it holds strings" : null);

    /// <summary>NumPy's strings: U is UTF-32, S is bytes.</summary>
    public bool IsText => Type == SafetensorsType.Other && TypeName.TrimStart('<', '>', '|', '=') is ['U' or 'S', ..];

    private bool IsRoleOfText => ArrayNames.RoleOf(Name) is ArrayRole.Ids or ArrayRole.Texts;

    public int Rank => Shape.Count;

    public long ElementCount { get; } = Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    public bool IsInteger => Type is SafetensorsType.I64 or SafetensorsType.I32 or SafetensorsType.I16 or SafetensorsType.I8
        or SafetensorsType.U64 or SafetensorsType.U32 or SafetensorsType.U16 or SafetensorsType.U8;

    public bool IsNumeric => IsInteger || Type is SafetensorsType.F64 or SafetensorsType.F32 or SafetensorsType.F16 or SafetensorsType.BF16;

    public string ShapeText =>
        $"({string.Join(", ", Shape.Select(dimension => dimension.ToString(System.Globalization.CultureInfo.InvariantCulture)))})";

    public ArrayCursor Read() => new(this);

    public ColbertException Invalid(string what, string action = "Write the file again.") =>
        EmbeddingErrors.Invalid(Location, what, action);
}
