namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>Many texts in one array: rows end to end with offsets or lengths, or [texts, tokens, dimension] with fill.</summary>
internal sealed record ArrayGroup(StoredArray Rows)
{
    public StoredArray? Offsets { get; init; }

    public StoredArray? Lengths { get; init; }

    public StoredArray? Mask { get; init; }

    public StoredArray? Scales { get; init; }

    public StoredArray? Ids { get; init; }

    /// <summary>Finds the groups among the arrays of a file; null when each array is a text of its own.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: some have what others lack.</exception>
    public static IReadOnlyList<ArrayGroup>? Find(IReadOnlyList<StoredArray> arrays)
    {
        StoredArray[] rows = [.. arrays.Where(array => RoleOf(array) == ArrayRole.Rows)];
        bool isGrouped = rows.Any(array => array.Rank == 3)
            || arrays.Any(array => RoleOf(array) is ArrayRole.Offsets or ArrayRole.Lengths or ArrayRole.Mask);
        if (!isGrouped || rows.Length == 0) return null;
        ArrayGroup[] groups = [.. rows.Select(array => Of(array, arrays, isOnly: rows.Length == 1))];
        foreach (StoredArray array in arrays)
        {
            if (RoleOf(array) is not (ArrayRole.Rows or ArrayRole.Texts) && !Array.Exists(groups, group => group.Has(array)))
                throw array.Invalid(
                    "it is not clear to which of the arrays it belongs.",
                    "Call it as the array of the rows: NAME and NAME_ids, NAME_offsets.");
        }

        return groups;
    }

    private bool Has(StoredArray array) => array == Offsets || array == Lengths || array == Mask || array == Scales || array == Ids;

    private static ArrayGroup Of(StoredArray rows, IReadOnlyList<StoredArray> arrays, bool isOnly)
    {
        StoredArray? Companion(ArrayRole role)
        {
            StoredArray[] found =
            [
                .. arrays.Where(array => RoleOf(array) == role && (isOnly || ArrayNames.BelongsTo(array.Name, rows.Name))),
            ];
            return found.Length switch
            {
                0 => null,
                1 => found[0],
                _ => Array.Find(found, array => ArrayNames.BelongsTo(array.Name, rows.Name)) ?? found[0],
            };
        }

        var group = new ArrayGroup(rows)
        {
            Offsets = Companion(ArrayRole.Offsets),
            Lengths = Companion(ArrayRole.Lengths),
            Mask = Companion(ArrayRole.Mask),
            Scales = Companion(ArrayRole.Scales),
            Ids = Companion(ArrayRole.Ids),
        };
        if (!rows.IsNumeric) throw rows.Invalid($"its elements are of type {rows.TypeName}, not numbers.");
        if (rows.Rank is not (2 or 3))
            throw rows.Invalid($"it has the shape {rows.ShapeText}; rows of embeddings have two axes, padded texts three.");
        if (rows.Rank == 2 && group.Offsets is null && group.Lengths is null)
            throw rows.Invalid(
                "no offsets say which of its rows belong to which text.",
                "Write them beside it as an array of whole numbers, called 'offsets'.");
        return group;
    }

    // A name alone is no proof: texts may be called "offsets".
    private static ArrayRole RoleOf(StoredArray array)
    {
        ArrayRole role = ArrayNames.RoleOf(array.Name);
        bool fits = role switch
        {
            ArrayRole.Offsets or ArrayRole.Lengths => array.Rank == 1 && array.IsInteger,
            ArrayRole.Mask => array.Rank == 2 && !array.IsFortran,
            ArrayRole.Scales or ArrayRole.Ids or ArrayRole.Texts => array.Rank == 1,
            _ => true,
        };
        return fits ? role : ArrayRole.Rows;
    }
}
