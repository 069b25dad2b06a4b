namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>Ids beside arrays that are a text each: "ids" in the order of all, "doc_ids" and "query_ids" in that of their kind.</summary>
internal sealed class IdSources : IDisposable
{
    private readonly List<Source> sources = [];

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: ids that are neither strings nor integers.</exception>
    public IdSources(IArrayFile file)
    {
        try
        {
            foreach (string name in file.Names().Where(IsName))
                if (file.Find(name) is { Rank: 1 } array) sources.Add(new Source(array, new IdCursor(array), ArrayNames.KindOf(name)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public bool Hold(StoredArray array) => sources.Exists(source => source.Array.Name == array.Name);

    /// <summary>The id of the next text, which this array is; null where there are none.</summary>
    public string? Next(StoredArray array)
    {
        TextKind? kind = ArrayNames.KindOf(array.Name);
        Source? source = sources.Find(source => source.Kind == kind) ?? sources.Find(source => source.Kind is null);
        if (source is null) return null;
        if (source.Given == source.Array.ElementCount)
            throw source.Array.Invalid(
                FormattableString.Invariant($"there are {source.Given} ids, and '{array.Name}' is one more text."),
                "Give an id for each text, in the same order.");
        source.Given++;
        return source.Ids.Read();
    }

    /// <summary>All arrays were seen.</summary>
    public void End()
    {
        foreach (Source source in sources)
            if (source.Given < source.Array.ElementCount)
                throw source.Array.Invalid(
                    $"it has {ShownText.Count(source.Array.ElementCount, "id")} for {ShownText.Count(source.Given, "text")}.",
                    "Give an id for each text, in the same order.");
    }

    public void Dispose()
    {
        foreach (Source source in sources) source.Ids.Dispose();
    }

    // "token_ids" are something else.
    private static bool IsName(string name)
    {
        string stem = ArrayNames.Stem(name);
        return ArrayNames.RoleOf(name) == ArrayRole.Ids && (stem.Length == 0 || ArrayNames.KindOf(stem) is not null);
    }

    private sealed record Source(StoredArray Array, IdCursor Ids, TextKind? Kind)
    {
        public long Given { get; set; }
    }
}
